"""One client's connection: requests in, bytes out, and an end of any kind."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, cast

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
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the task that serves this client."""
        self._transport = cast("asyncio.Transport", transport)
        self._task = self._start(self)

    def data_received(self, data: bytes) -> None:
        """Collect, and wake the task up."""
        self._reader.feed(data)
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Give up whatever was being answered."""
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
            self._news.clear()
            try:
                found = self._reader.take()
            except BadRequest:
                return None
            if found is not None:
                return found
            await self._news.wait()

    async def send(self, data: bytes) -> None:
        """Write, and wait while the client has too much unread."""
        self._transport.write(data)
        await self._room.wait()

    def close(self) -> None:
        """End after what was written."""
        self._transport.close()

    def abandon(self) -> None:
        """Cut it off in the middle of whatever it does."""
        self._task.cancel()
        self._transport.abort()

    def reset(self) -> None:
        """End with a reset: what the client did not read yet is lost."""
        raw: socket.socket = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._transport.abort()
