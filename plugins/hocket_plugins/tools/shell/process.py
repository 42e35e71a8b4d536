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

USE = "HOCKET_USE"
"""Marks the processes of one use of a tool: those of a call may run beside each other."""
_CLEANED_S = 10.0
"""A supervisor that is not done by then was itself stopped or hindered."""
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Order:
    """A command as the kernel starts it."""

    command: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]
    options: tuple[str, ...] = ()
    """What the command reads from the descriptor `supervisor.EXTRA_FD`."""

    def wire(self) -> bytes:
        """Write it for the supervisor."""
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        options = "\x1f".join(self.options) + "\x1f" if self.options else ""
        fields = [self.folder, options, str(len(variables)), *variables, *self.command]
        body = b"\0".join(map(os.fsencode, fields))
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


class Supervised:
    """A command under its supervisor."""

    def __init__(self, process: asyncio.subprocess.Process, stdout: asyncio.StreamReader) -> None:
        self._process = process
        self._stdout = stdout
        self._ended = Ended()

    async def run(self, order: Order, seconds: float, alive: Callable[[int], None]) -> Ended:
        """Wait for its end, or bring it about; so does a cancellation."""
        async with asyncio.TaskGroup() as group:
            listener = group.create_task(self._listen(alive))
            try:
                async with asyncio.timeout(seconds):
                    await self._say(order.wire())
                    await self._hear()
            except TimeoutError:
                self._ended.timed_out = True
            finally:
                await self._end(order.environment[USE], listener)
        return self._ended

    async def _say(self, words: bytes) -> None:
        # A supervisor that is gone says so by its silence.
        with suppress(ConnectionError):
            self._stdin.write(words)
            await self._stdin.drain()

    async def _hear(self) -> None:
        """Read the report; when it ends, the supervisor is gone."""
        if self._process.stderr and (report := await self._process.stderr.read()):
            code, _, folder = report.partition(b"\0")
            self._ended.code = int(code)
            self._ended.folder = os.fsdecode(folder) or None
