"""Whether a reply still comes: content restarts the clock, and pings stretch it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hocket.api.messages import Delta, Opened

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hocket.api.calls import Usage
    from hocket.api.clock import Clock
    from hocket.api.messages import Closed, Ping

TICK_S = 1.0
LATE_S = 5.0
"""A tick that is later than this: not the provider was silent, but hocket itself did not run."""
PINGS_S = 600.0
"""Pings alone keep a reply alive for so long after its last content."""
SLOW_START_S = 600.0
"""A local server first works through the whole prompt."""
SIGN_S = 2.0


class Silent(Exception):
    """Nothing came for too long."""


class Slept(Exception):
    """Hocket itself did not run for a while: the connection may be dead, by nobody's fault."""


class Watch:
    """Watches one reply by the run's clock."""

    def __init__(
        self, clock: Clock, stall_s: float, tell: Callable[[str], None], *, slow_start: bool
    ) -> None:
        self._clock = clock
        self._stall_s = stall_s
        self._tell = tell
        self._ticked = self._content = self._told = clock.monotonic()
        self._until = self._content + (max(stall_s, SLOW_START_S) if slow_start else stall_s)
        self._slept = False
        self._texts: list[str] = []
        self.seen: Usage | None = None
        """What the provider had counted when the reply began."""
        self.heard = 0
        """Bytes of content so far."""

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._texts)

    def hear(self, piece: Opened | Delta | Ping | Closed) -> None:
        """Take note of a sign of life."""
        now = self._clock.monotonic()
        if isinstance(piece, Delta):
            self._hear_content(piece, now)
        elif isinstance(piece, Opened):
            self.seen = piece.usage
        else:
            longest = self._content + max(PINGS_S, self._stall_s)
            self._until = max(self._until, min(now + self._stall_s, longest))
            return
        self._content, self._until = now, now + self._stall_s

    @asynccontextmanager
    async def limits(self) -> AsyncGenerator[None]:
        """Hold around a reply; raises Silent or Slept."""
        try:
            async with asyncio.timeout(None) as limit:
                loop = asyncio.get_running_loop()
                timer = loop.call_later(TICK_S, self._tick, loop, limit)
                self._timer = timer
                try:
                    yield
                finally:
                    self._timer.cancel()
        except TimeoutError:
            raise (Slept if self._slept else Silent) from None

    def _hear_content(self, piece: Delta, now: float) -> None:
        self.heard += len(piece.text) if piece.text.isascii() else len(piece.text.encode())
        if piece.part == "text":
            self._texts.append(piece.text)
        if now - self._told >= SIGN_S:
            self._told = now
            self._tell(f"{self.heard:,} bytes received")

    def _tick(self, loop: asyncio.AbstractEventLoop, limit: asyncio.Timeout) -> None:
        now = self._clock.monotonic()
        self._slept = now - self._ticked - TICK_S > LATE_S
        self._ticked = now
        if self._slept or now >= self._until:
            limit.reschedule(loop.time())
        else:
            self._timer = loop.call_later(TICK_S, self._tick, loop, limit)
