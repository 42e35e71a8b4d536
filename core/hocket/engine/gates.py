"""The prefix gate: the first of many siblings goes alone until the provider has their prefix."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.clock import Clock

LONGEST_WAIT_S = 5.0
FRESH_S = 270.0
"""A cached prefix lives 300 s from its last use; a little less is trusted."""


@dataclass(slots=True)
class _Prefix:
    """Whether the provider has a prefix, and who is writing it."""

    used_at: float = float("-inf")
    writing: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Gates:
    """One gate per prefix; only the beginning of the first reply is waited for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._prefixes: dict[str, _Prefix] = {}

    async def enter(self, prefix: str) -> bool:
        """Wait for one's turn; True for the one who writes the prefix for all others."""
        if not prefix:
            return False
        gate = self._prefixes.setdefault(prefix, _Prefix())
        began = self._clock.monotonic()
        waits = True
        while waits and self._clock.monotonic() - gate.used_at > FRESH_S:
            if not gate.writing:
                gate.writing = True
                gate.news = asyncio.Event()
                return True
            left_s = LONGEST_WAIT_S - (self._clock.monotonic() - began)
            waits = left_s > 0 and await self._hears(gate, left_s)
        return False

    def opened(self, prefix: str) -> None:
        """Hear that a reply on this prefix began: the provider has it now."""
        gate = self._prefixes.get(prefix)
        if gate is not None:
            gate.used_at = self._clock.monotonic()
            self._let_on(gate)

    def left(self, prefix: str) -> None:
        """Hear that the writer is gone; if nothing began, one of those who wait takes over."""
        gate = self._prefixes.get(prefix)
        if gate is not None and gate.writing:
            self._let_on(gate)

    async def _hears(self, gate: _Prefix, left_s: float) -> bool:
        """Wait for news of the writer; False when it took too long."""
        try:
            async with asyncio.timeout(left_s):
                await gate.news.wait()
        except TimeoutError:
            return False
        return True

    def _let_on(self, gate: _Prefix) -> None:
        gate.writing = False
        gate.news.set()
