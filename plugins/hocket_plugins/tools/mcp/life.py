"""One life of a server: from being started to its end, held open by a task of its own."""

from __future__ import annotations

import asyncio
from contextvars import Context
from typing import TYPE_CHECKING

from hocket_plugins.tools.mcp.foreign import line
from hocket_plugins.tools.mcp.talk import current
from hocket_plugins.tools.mcp.trouble import Down

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp_types import CallToolResult
    from pydantic import JsonValue

    from hocket_plugins.tools.mcp.offer import Offer
    from hocket_plugins.tools.mcp.server import Server
    from hocket_plugins.tools.mcp.session import Session
    from hocket_plugins.tools.mcp.surroundings import Surroundings
    from hocket_plugins.tools.mcp.talk import Talk
    from hocket_plugins.tools.mcp.trouble import NoResult

CLOSE_S = 6.0
"""A server over HTTP need not answer that it heard the end."""


class Life:
    """A connection that belongs to a run and not to the call that happened to come first.

    The SDK wants a connection closed by the task that opened it, and calls end while others go
    on; so a task holds it, which whoever made the life ends with `end`.
    """

    def __init__(self, server: Server, around: Surroundings) -> None:
        self._server, self._around = server, around
        self._began, self._over = asyncio.Event(), asyncio.Event()
        self._session: Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._talks: list[Talk] = []
        self.reason = ""
        """Why it is over, once it is."""
        self.stale = False
        """Whether the server said that its tools changed."""
        self.offers: tuple[Offer, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self._over.is_set()

    async def begin(self) -> None:
        """Start the server and list its tools; raises Down."""
        # Owned by whoever made this life: `end` does not return before the task has. It gets a
        # context of its own, for it is no part of the call that needs it first.
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._hold(), context=Context())
        await self._began.wait()
        if self._session is None:
            raise Down(self.reason)

    async def call(
        self, tool: str, arguments: Mapping[str, JsonValue], talk: Talk
    ) -> CallToolResult | NoResult:
        """Use a tool; raises Down."""
        session = self._open()
        self._talks.append(talk)
        try:
            return await session.call(tool, arguments, talk)
        except Down as cause:
            raise Down(self.reason or str(cause)) from cause
        finally:
            self._talks.remove(talk)

    async def list_again(self) -> None:
        """List the tools once more, because the server said that they changed; raises Down."""
        self.stale = False
        session = self._open()
        try:
            async with asyncio.timeout(self._server.start_s):
                self.offers = await session.offers()
        except asyncio.CancelledError:
            self.stale = True
            raise
        except TimeoutError as cause:
            raise Down("it does not list its tools any more") from cause
        except Exception as cause:
            raise Down(self.reason or _told(cause)) from cause

    def asking(self) -> Talk | None:
        """Give the use in whose name the server asks, unless that cannot be known."""
        known = current()
        if known is None and len(self._talks) == 1:
            return self._talks[0]
        return known

    def ended(self, reason: str) -> None:
        """Note that the server ended on its own."""
        if not self._over.is_set():
            self.reason = reason
            self._over.set()

    def stop(self) -> None:
        """Begin to end it; what has not begun is cut off."""
        self.ended("it was stopped")
        if self._task is not None and not self._began.is_set():
            self._task.cancel()

    async def end(self) -> None:
        """End it; returns when nothing of it is left."""
        self.stop()
        if self._task is not None:
            await asyncio.wait({self._task})

    def _open(self) -> Session:
        if self._session is None or self.is_over:
            raise Down(self.reason)
        return self._session

    async def _hold(self) -> None:
        try:
            await self._connected()
        except TimeoutError:
            self.ended(f"it did not answer within {self._server.start_s:g} s")
        except Exception as cause:  # noqa: BLE001  (it is told to whoever uses the server)
            self.ended(_told(cause))
        finally:
            self._session = None
            self.ended("it was stopped")
            self._began.set()

    async def _connected(self) -> None:
        from hocket_plugins.tools.mcp.session import opened

        loop = asyncio.get_running_loop()
        async with (
            asyncio.timeout(self._server.start_s) as limit,
            opened(self._server, self._around, self) as session,
        ):
            self.offers = await session.offers()
            limit.reschedule(None)
            self._session = session
            self._began.set()
            await self._over.wait()
            limit.reschedule(loop.time() + CLOSE_S)


def _told(cause: BaseException) -> str:
    """Say in a few words what went wrong; of several things the first."""
    if isinstance(cause, BaseExceptionGroup):
        inside: list[BaseException] = [*cause.exceptions]  # pyright: ignore[reportUnknownMemberType]
        return _told(inside[0])
    if isinstance(cause, Down):
        return str(cause)
    words = line(str(cause))
    return f"{type(cause).__name__}: {words}" if words else type(cause).__name__
