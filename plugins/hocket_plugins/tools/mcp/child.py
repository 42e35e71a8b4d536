"""The process of a server: started in a group of its own, and gone when nobody wants it."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from hocket_plugins.tools.mcp.foreign import line
from hocket_plugins.tools.mcp.leftovers import reap
from hocket_plugins.tools.mcp.trouble import Down

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

CALL, USE = "HOCKET_CALL", "HOCKET_USE"
"""The marks of a process: the run and server it belongs to, and this one start of it. What a
killed hocket left is found by the first one when the next is started."""
GRACE_S = 1.5
"""A server has so long to end by itself, and then so long after it was asked to."""
_PAUSE_S = 0.02
_TAIL = 2_000


@dataclass(frozen=True, slots=True)
class Order:
    """A server's command as the kernel starts it."""

    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    mark: str


class Child:
    """A server's process."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
        use: str,
    ) -> None:
        self.stdin, self.stdout = stdin, stdout
        self._process = process
        self._use = use
        self._tail = b""
        self._hurry = False

    async def listen(self, stderr: asyncio.StreamReader) -> None:
        """Keep the last of what it says beside its messages: why it ended may stand there."""
        while chunk := await stderr.read(_TAIL):
            self._tail = (self._tail + chunk)[-_TAIL:]

    async def ended(self) -> str:
        """Say how it ended, once its output is closed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                while self._process.returncode is None:  # noqa: ASYNC110  (nobody tells)
                    await asyncio.sleep(_PAUSE_S)
        code = self._process.returncode
        how = "it closed its output" if code is None else f"it ended with exit code {code}"
        words = line(self._tail.decode("utf-8", "replace")[-400:])
        return f"{how}; its last words: {words}" if words else how

    def hurry(self) -> None:
        """Give it no time to end by itself."""
        self._hurry = True

    async def stop(self) -> None:
        """See it and all it started ended; a cancellation only makes it quicker."""
        late = None
        while True:
            try:
                await self._stop()
            except asyncio.CancelledError as again:
                late = again
                self.hurry()
            else:
                break
        if late:
            raise late

    async def _stop(self) -> None:
        self.stdin.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self._hurry:
                await self._gone()
            self._signal(number)
        await asyncio.to_thread(reap, USE, self._use)
        if self.stdin.transport.get_write_buffer_size():
            # Who holds the other end may have left the group, and its name behind.
            self.stdin.transport.abort()
        await self._process.wait()

    async def _gone(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                while self._lives():  # noqa: ASYNC110  (of a group nobody tells)
                    await asyncio.sleep(_PAUSE_S)

    def _lives(self) -> bool:
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return self._process.returncode is None
        return True

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


@asynccontextmanager
async def started(order: Order) -> AsyncGenerator[Child]:
    """Start a server; at the end of the block it is gone. Raises Down when it cannot start."""
    async with AsyncExitStack() as stack:
        stdout, printed = await stack.enter_async_context(_reading())
        stderr, said = await stack.enter_async_context(_reading())
        use = token_hex(16)
        try:
            process = await _spawned(order, use, printed, said)
        finally:
            os.close(printed)
            os.close(said)
        stdin = process.stdin
        if stdin is None:
            raise Down("it has no input")
        child = Child(process, stdin, stdout, use)
        async with asyncio.TaskGroup() as group:
            listener = group.create_task(child.listen(stderr))
            try:
                yield child
            finally:
                try:
                    await child.stop()
                finally:
                    listener.cancel()


async def _spawned(order: Order, use: str, stdout: int, stderr: int) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *order.command,
            stdin=PIPE,
            stdout=stdout,
            stderr=stderr,
            cwd=order.folder,
            env={**order.environment, CALL: order.mark, USE: use},
            start_new_session=True,
        )
    except (OSError, ValueError) as cause:
        why = cause.strerror if isinstance(cause, OSError) else str(cause)
        raise Down(f"it cannot be started: {order.command[0]}: {why}") from cause


@asynccontextmanager
async def _reading() -> AsyncGenerator[tuple[asyncio.StreamReader, int]]:
    """Make a pipe of our own: what escaped and holds the other end cannot keep it open."""
    outlet, inlet = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(outlet, "rb", 0)
    )
    try:
        yield reader, inlet
    finally:
        transport.close()
