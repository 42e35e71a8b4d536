"""One use of a tool while it lasts: who is asked in its name, and how long it may be silent."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket_plugins.tools.mcp.foreign import line

if TYPE_CHECKING:
    from collections.abc import Generator

    from hocket.api.tools import ToolContext

LONGEST_QUESTION = 4_000


class Talk:
    """Signs of life put its end off; while a person is asked, nothing ends it."""

    def __init__(self, server: str, tool: str, context: ToolContext, seconds: float) -> None:
        self.server = server
        self._tool = tool
        self._context = context
        self._seconds = seconds
        self._limit = asyncio.timeout(seconds)
        self._asked = 0

    @property
    def limit(self) -> asyncio.Timeout:
        """Ends the use when it was silent for too long."""
        return self._limit

    @contextmanager
    def current(self) -> Generator[None]:
        """Be the use in whose name the server asks."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    async def progress(self, progress: float, total: float | None, message: str | None) -> None:
        """Take a sign of life."""
        self._put_off()
        share = f"{progress:g}" if total is None else f"{progress:g} of {total:g}"
        said = f" {line(message)}" if message else ""
        self._context.progress(f"{self.server} {self._tool}: {share}{said}")

    async def ask(self, text: str, options: tuple[str, ...]) -> str | None:
        """Ask a person what the server wants to know; None when nobody can answer."""
        shown = visible(text, "keep")[:LONGEST_QUESTION]
        self._asked += 1
        self._put_off()
        try:
            return await self._context.ask(f"The MCP server {self.server} asks: {shown}", options)
        finally:
            self._asked -= 1
            self._put_off()

    def _put_off(self) -> None:
        if not self._limit.expired():
            now = asyncio.get_running_loop().time()
            self._limit.reschedule(None if self._asked else now + self._seconds)


def current() -> Talk | None:
    """Give the use in whose task this runs."""
    return _CURRENT.get()


_CURRENT: ContextVar[Talk | None] = ContextVar("talk", default=None)
