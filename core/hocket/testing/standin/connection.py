"""One client's connection: requests in, bytes out, and an end of any kind."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from hocket.testing.standin.heads import BadRequest, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.testing.standin.heads import Request

_LINGER_NOT = struct.pack("ii", 1, 0)


class Connection(asyncio.Protocol):
    """Hands requests to a task of its own; when the client leaves, the task is cancelled."""

    def __init__(self, start: Callable[[Connection], asyncio.Task[None]]) -> None:
        self._start = start
        self._reader = Reader()
        self._waiter: asyncio.Future[None] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the task that serves this client."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._task = self._start(self)

    def data_received(self, data: bytes) -> None:
        """Collect, and wake the task up."""
        self._reader.feed(data)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Give up whatever was being answered."""
        self._room.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        """Wait: the client reads slower than it is told."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._room.set()

    async def request(self) -> Request | None:
        """Wait for the next request; None when the bytes are none, then there is no next."""
        while True:
            try:
                found = self._reader.take()
            except BadRequest:
                return None
            if found is not None:
                return found
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    async def send(self, data: bytes) -> None:
        """Write, and wait while the client has too much unread."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
            await self._room.wait()

    def close(self) -> None:
        """End after what was written."""
        if self._transport is not None:
            self._transport.close()

    def abandon(self) -> None:
        """Cut it off in the middle of whatever it does."""
        if self._task is not None:
            self._task.cancel()
        if self._transport is not None:
            self._transport.abort()

    def reset(self) -> None:
        """End with a reset: what the client did not read yet is lost."""
        if self._transport is not None:
            raw: socket.socket | None = self._transport.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self._transport.abort()
