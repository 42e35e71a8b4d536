"""The view: hears at once, draws ten times a second at most, and never slows the run."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hocket.api import events
from hocket_plugins.views.progress.board import Board
from hocket_plugins.views.progress.live import LiveScreen
from hocket_plugins.views.progress.pen import Pen
from hocket_plugins.views.progress.plain import PlainScreen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hocket.api.events import Event
    from hocket_plugins.views.progress.surface import Surface

REDRAW_S = 0.1
_PATIENCE_S = 1.0


class ProgressView:
    """Shows one run on one surface."""

    name = "progress"

    def __init__(self, surface: Surface, *, patience_s: float = _PATIENCE_S) -> None:
        self._surface = surface
        self._patience_s = patience_s

    @asynccontextmanager
    async def watch(self) -> AsyncGenerator[Callable[[Event], None]]:
        """Open the view; at the end its last picture gets a second to be written."""
        drawing = _Drawing(self._surface, self._patience_s)
        try:
            yield drawing.hear
        finally:
            await drawing.close()


class _Drawing:
    """One run on its way to the screen, by the loop's timer: no task that could fail the run."""

    def __init__(self, surface: Surface, patience_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._patience_s = patience_s
        self._board = Board(self._loop.time())
        self._pen = Pen(surface)
        live = surface.live
        self._screen = LiveScreen(surface.size, colour=surface.colour) if live else PlainScreen()
        self._timer = self._loop.call_later(REDRAW_S, self._tick)

    def hear(self, event: Event) -> None:
        """Take an event; only a question changes the screen at once."""
        self._board.hear(event)
        if isinstance(event, events.Asked):
            self._write(self._screen.pause())

    async def close(self) -> None:
        """Draw for the last time."""
        self._timer.cancel()
        self._board.now = self._loop.time()
        self._write(self._screen.last(self._board))
        await self._loop.run_in_executor(None, self._pen.close, self._patience_s)

    def _tick(self) -> None:
        if self._pen.gone:
            return
        self._board.now = self._loop.time()
        if not self._pen.busy:
            self._write(self._screen.frame(self._board))
        self._timer = self._loop.call_later(REDRAW_S, self._tick)

    def _write(self, text: str) -> None:
        if text and not self._pen.gone:
            self._pen.write(text)
            # Nobody waits for it, but a clock that jumps holds as long as a thread works.
            _held = self._loop.run_in_executor(None, self._pen.wait, self._patience_s)
