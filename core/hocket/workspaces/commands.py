"""A command in a workspace: bounded in time and output, and nothing of it stays behind."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.workspaces.endings import to_the_end
from hocket.workspaces.processes import MARK, started, sweep

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

MOST_CHARACTERS = 4_000
_MOST_BYTES = 4 * MOST_CHARACTERS
"""No character has more than four bytes in UTF-8."""
_MOST_READS = 64
"""As much as a pipe may hold; whoever detached from the command might write for ever."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run: a text for the shell, or a list without one."""

    run: str | tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    timeout_s: float
    call_id: str = ""
    given: bytes | None = None
    """What it reads from its standard input."""

    @property
    def argv(self) -> tuple[str, ...]:
        """The program and its arguments."""
        if not isinstance(self.run, str):
            return self.run
        bash = shutil.which("bash", path=self.environment.get("PATH", os.defpath))
        plain = (bash, "--noprofile", "--norc") if bash else ("/bin/sh",)
        return (*plain, "-c", self.run)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended, and the end of what it printed."""

    code: int | None
    """None: its time was up. Below zero: killed by that signal. 127: there is no such program."""
    output: str

    @property
    def how(self) -> str:
        """Say it in words."""
        return "took too long" if self.code is None else f"ended with exit {self.code}"


class _Tail(asyncio.Protocol):
    """Keeps the end of what a pipe brings, however much that is."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def data_received(self, data: bytes) -> None:
        self._kept += data
        del self._kept[:-_MOST_BYTES]

    @property
    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")[-MOST_CHARACTERS:]


async def run_command(command: Command) -> Finished:
    """Run a command to its end, or to the end of its time; then its whole group is gone."""
    environment = dict(command.environment)
    if command.call_id:
        environment[MARK] = command.call_id
    async with _pipe() as (tail, writing):
        try:
            code = await _code(command, environment, writing)
        except (FileNotFoundError, PermissionError, NotADirectoryError) as cause:
            return Finished(127, f"{command.argv[0]}: {cause.strerror}")
        finally:
            if command.call_id:
                await to_the_end(sweep(command.call_id))
    return Finished(code, tail.text)


async def _code(command: Command, environment: Mapping[str, str], out: int) -> int | None:
    fed = DEVNULL if command.given is None else PIPE
    asked = started(command.argv, environment, command.folder, stdin=fed, out=out, err=STDOUT)
    async with asked as process:
        try:
            async with asyncio.timeout(command.timeout_s):
                await process.communicate(command.given)
                return await process.wait()
        except TimeoutError:
            return None


@asynccontextmanager
async def _pipe() -> AsyncGenerator[tuple[_Tail, int]]:
    """Give a pipe that is read; at the end of the block all that was written has arrived.

    Not one of asyncio's own: those end only when every process that inherited them does.
    """
    reading, writing = os.pipe()
    tail = _Tail()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: tail, open(reading, "rb", 0))  # noqa: SIM115, PTH123, ASYNC230
    try:
        yield tail, writing
        transport.pause_reading()
        await asyncio.to_thread(_drain, reading, tail)
    finally:
        os.close(writing)
        transport.close()


def _drain(fd: int, tail: _Tail) -> None:
    """Read what is there already; the transport made the pipe non-blocking."""
    for _ in range(_MOST_READS):
        try:
            data = os.read(fd, _MOST_BYTES)
        except BlockingIOError:
            return
        tail.data_received(data)
