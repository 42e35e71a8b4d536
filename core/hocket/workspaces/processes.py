"""Child processes that never outlive what they were started for."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

GRACE_S = 2.0
_PAUSE_S = 0.02
MARK = "HOCKET_CALL"
"""The variable that every process of a call carries, also one that left its group."""
_MARKED = os.fsencode(f"{MARK}=")


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that came to its end."""

    code: int
    out: bytes
    err: bytes


@asynccontextmanager
async def started(
    argv: Sequence[str | bytes],
    env: Mapping[str, str],
    folder: Path,
    *,
    stdin: int = DEVNULL,
    out: int | IO[bytes] = PIPE,
    err: int | IO[bytes] = PIPE,
) -> AsyncGenerator[Process]:
    """Start a process in a group of its own; at the end of the block the group is gone."""
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=stdin, stdout=out, stderr=err, env=env, cwd=folder, start_new_session=True
    )
    try:
        yield process
    finally:
        await _stop(process)


async def finish(
    argv: Sequence[str | bytes], env: Mapping[str, str], folder: Path, given: bytes | None = None
) -> Ended:
    """Run a process to its end with `given` as its input."""
    async with started(argv, env, folder, stdin=DEVNULL if given is None else PIPE) as process:
        out, err = await process.communicate(given)
        return Ended(await process.wait(), out, err)


async def sweep(call_id: str) -> None:
    """Kill what carries a call's mark, wherever it detached to."""
    await reap(lambda mark: mark == call_id)


async def reap(is_meant: Callable[[str], bool]) -> int:
    """Kill every process with a mark that is meant; nothing where there is no /proc.

    Looked for again until nothing is found: a process may start another while it is looked for.
    """
    killed: set[int] = set()
    with suppress(TimeoutError):
        async with asyncio.timeout(GRACE_S):
            while found := await asyncio.to_thread(_kill_marked, is_meant):
                killed |= found
                await asyncio.sleep(_PAUSE_S)
    return len(killed)


def _kill_marked(is_meant: Callable[[str], bool]) -> set[int]:
    return {pid for pid in _pids() if _is_marked(pid, is_meant) and _kill(pid, is_meant)}


def _pids() -> list[int]:
    """List all processes but this one: it may itself have been started by an agent."""
    with suppress(OSError):
        found = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal())
        return [pid for pid in found if pid != os.getpid()]
    return []


def _is_marked(pid: int, is_meant: Callable[[str], bool]) -> bool:
    # Unreadable: another user's; empty: it has ended.
    with suppress(OSError):
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        marks = (one.removeprefix(_MARKED) for one in variables if one.startswith(_MARKED))
        return any(is_meant(os.fsdecode(mark)) for mark in marks)
    return False


def _kill(pid: int, is_meant: Callable[[str], bool]) -> bool:
    """Kill the process that was found, and no other that got its number meanwhile."""
    with suppress(OSError):
        fd = os.pidfd_open(pid)
        try:
            if _is_marked(pid, is_meant):
                signal.pidfd_send_signal(fd, signal.SIGKILL)
                return True
        finally:
            os.close(fd)
    return False


async def _stop(process: Process) -> None:
    """End the whole group: politely first, so that git removes its lock files."""
    try:
        if process.returncode is None:
            _signal(process, signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await process.wait()
    finally:
        _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
