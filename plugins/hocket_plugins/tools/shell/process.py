"""Runs a command beneath a supervisor, for a limited time; when it is over nothing is left."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.tools.shell import supervisor
from hocket_plugins.tools.shell.leftovers import reap
from hocket_plugins.tools.shell.output import Output

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

CALL, USE = "HOCKET_CALL", "HOCKET_USE"
"""The marks of every process: its call, and its use of the tool, as a call may run several."""
_CLEANED_S = 4.0
"""A supervisor that is not done by then was itself stopped or hindered."""
_LISTENED_S = 1.0
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Order:
    """A command as the kernel starts it."""

    command: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]
    options: tuple[str, ...] = ()
    """What the command reads from the descriptor `supervisor.OPTIONS_FD`."""

    def wire(self) -> bytes:
        """Write it for the supervisor."""
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        counted = [str(len(self.options)), *self.options, str(len(variables)), *variables]
        body = b"\0".join(map(os.fsencode, (self.folder, *counted, *self.command)))
        return b"%d\n%s" % (len(body), body)


@dataclass(slots=True)
class Ended:
    """How a command ended, and what is left of it: words."""

    output: Output = field(default_factory=Output)
    code: int | None = None
    """None when nobody saw how: its supervisor was killed."""
    folder: str | None = None
    """Where it was when it ended, if it said so."""
    timed_out: bool = False


class _Supervised:
    """A command under its supervisor."""

    def __init__(self, process: asyncio.subprocess.Process, stdout: asyncio.StreamReader) -> None:
        self._process = process
        self._stdout = stdout
        self._report = b""
        self._ended = Ended()

    async def run(self, order: Order, seconds: float, alive: Callable[[int], None]) -> Ended:
        """Wait for its end, or bring it about; so does a cancellation."""
        async with asyncio.TaskGroup() as group:
            listener = group.create_task(self._listen(alive))
            try:
                async with asyncio.timeout(seconds):
                    await self._say(order.wire())
                    await self._hear(b"\n")
            except TimeoutError:
                self._ended.timed_out = True
            finally:
                await self._end(order.environment[USE], listener)
        code, _, folder = self._report.rstrip(b"\n").partition(b"\0")
        self._ended.code = int(code) if code else None
        self._ended.folder = os.fsdecode(folder) or None
        return self._ended

    async def _say(self, words: bytes) -> None:
        # A supervisor that is gone says so by its silence.
        if self._process.stdin:
            with suppress(ConnectionError):
                self._process.stdin.write(words)
                await self._process.stdin.drain()

    async def _hear(self, until: bytes | None = None) -> None:
        """Read the report: its line says how the command ended, its end that all is clean."""
        while self._process.stderr and (until is None or until not in self._report):
            words = await self._process.stderr.read(_CHUNK)
            if not words:
                break
            self._report += words

    async def _listen(self, alive: Callable[[int], None]) -> None:
        """Take what is printed; what is too much is read all the same, so that nobody waits."""
        output = self._ended.output
        while chunk := await self._stdout.read(_CHUNK):
            output.take(chunk)
            alive(len(output))
            if output.full:
                self._stop()

    def _stop(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()

    async def _end(self, mark: str, listener: asyncio.Task[None]) -> None:
        self._stop()
        late = await self._clean(mark)
        # Whatever still holds the other end is neither ours to find nor worth waiting for.
        with suppress(TimeoutError):
            async with asyncio.timeout(_LISTENED_S):
                await listener
        if late:
            raise late

    async def _clean(self, mark: str) -> asyncio.CancelledError | None:
        """See everything ended; gives the cancellation that came meanwhile, to be raised after."""
        late = None
        while True:
            try:
                await self._gone()
                await asyncio.to_thread(reap, USE, mark)
                await self._process.wait()
            except asyncio.CancelledError as again:
                late = again
            else:
                return late

    async def _gone(self) -> None:
        try:
            async with asyncio.timeout(_CLEANED_S):
                await self._hear()
        except TimeoutError:
            self._process.kill()


async def run(order: Order, seconds: float, alive: Callable[[int], None]) -> Ended:
    """Run a command; `alive` is told how much it has printed. Nothing of it is left after."""
    outlet, inlet = os.pipe()
    async with _reading(outlet) as stdout:
        with os.fdopen(inlet, "wb", 0) as printed:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", supervisor.__file__),
                stdin=PIPE,
                stdout=printed,
                stderr=PIPE,
                env={name: order.environment[name] for name in (CALL, USE)},
                start_new_session=True,
            )
        return await _Supervised(process, stdout).run(order, seconds, alive)


@asynccontextmanager
async def _reading(outlet: int) -> AsyncGenerator[asyncio.StreamReader]:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(outlet, "rb", 0)
    )
    try:
        yield reader
    finally:
        transport.close()
