"""Speaks with a server on its standard input and output; a transport as the SDK wants it.

The SDK's own reads lines of any length and prints what it cannot read, so it is not used.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCNotification, jsonrpc_message_adapter

from hocket_plugins.tools.mcp.child import started
from hocket_plugins.tools.mcp.lines import Lines
from hocket_plugins.tools.mcp.trouble import Down

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

    from hocket_plugins.tools.mcp.child import Child, Order

    Inbound = MemoryObjectSendStream[SessionMessage | Exception]
    Outbound = MemoryObjectReceiveStream[SessionMessage]
    Streams = tuple[
        MemoryObjectReceiveStream[SessionMessage | Exception],
        MemoryObjectSendStream[SessionMessage],
    ]

HEARD = frozenset(
    f"notifications/{name}" for name in ("cancelled", "progress", "tools/list_changed")
)
"""All that is listened to unasked; logging is not offered."""
_CHUNK = 65536


@asynccontextmanager
async def stdio(order: Order, ended: Callable[[str], None]) -> AsyncGenerator[Streams]:
    """Start a server and carry messages; `ended` is told why when it stops being one."""
    inbound, heard = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    said, outbound = anyio.create_memory_object_stream[SessionMessage](0)
    async with inbound, heard, said, outbound, asyncio.TaskGroup() as group:
        async with started(order) as child:
            wire = _Wire(child, ended)
            tasks = (
                group.create_task(wire.read(inbound)),
                group.create_task(wire.write(outbound)),
            )
            try:
                yield heard, said
            finally:
                # A server that is stuck printing cannot see that its input ended: it is read on.
                wire.is_over = True
                heard.close()
        for task in tasks:
            task.cancel()


class _Wire:
    """The two directions."""

    def __init__(self, child: Child, ended: Callable[[str], None]) -> None:
        self._child, self._ended = child, ended
        self.is_over = False
        """Whether it is being stopped: then its end says nothing about it."""
        self._lines = Lines(asyncio.get_running_loop().time)

    async def read(self, inbound: Inbound) -> None:
        """Hand on every message; what is none is left out, within limits."""
        stdout = self._child.stdout
        async with inbound:
            try:
                while chunk := await stdout.read(_CHUNK):
                    for line in self._lines.feed(chunk):
                        await self._hand_on(line, inbound)
                if not self.is_over:
                    self._ended(await self._child.ended())
            except Down as cause:
                # Not even read any more: who is told to stop that way needs no time to end.
                self._child.hurry()
                self._ended(str(cause))
                return
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                # Nobody listens any more: the server is being stopped.
                pass
        while await stdout.read(_CHUNK):
            pass

    async def write(self, outbound: Outbound) -> None:
        """Write what is to be said; a server that is gone says so by its silence."""
        stdin = self._child.stdin
        async with outbound:
            async for message in outbound:
                self._lines.asked()
                text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                try:
                    stdin.write(text.encode("utf-8", "replace") + b"\n")
                    await stdin.drain()
                except ConnectionError:
                    return

    async def _hand_on(self, line: bytes, inbound: Inbound) -> None:
        try:
            message = jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            self._lines.stray(line)
            return
        self._lines.heard()
        if not isinstance(message, JSONRPCNotification) or message.method in HEARD:
            await inbound.send(SessionMessage(message))
