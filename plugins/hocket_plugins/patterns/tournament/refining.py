"""Refining: further comparisons where they tell most about who is the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.patterns.strengths import CONTENDERS

if TYPE_CHECKING:
    from hocket_plugins.patterns.tournament.comparison import Comparing
    from hocket_plugins.patterns.tournament.scorebook import Scorebook

    Pair = tuple[int, int]

_WAVE = 4
"""Comparisons of a wave: the leader meets the next three, and the second the third."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of all items at one moment, in the order of `places`."""

    places: list[int]
    theta: list[float]
    sd: list[float]
    chances: list[float]

    @property
    def ranked(self) -> list[int]:
        """Numbers of items, the most likely best first."""
        return sorted(range(len(self.places)), key=lambda n: (-self.chances[n], -self.theta[n], n))


class Refining:
    """Asks in waves of four until one item is surely the best or nothing more can be asked."""

    def __init__(self, book: Scorebook, seeds: list[int]) -> None:
        self._book = book
        self._seeds = seeds
        self._theta: list[float] = []

    def standing(self) -> Standing:
        """Fit all comparisons so far."""
        fitted = self._book.strengths(self._seeds, self._theta)
        self._theta = fitted.theta
        return Standing(self._seeds, fitted.theta, fitted.deviations(), fitted.chances())

    async def run(self, comparing: Comparing, sure: float) -> Standing:
        """Refine, and give the standing at the end."""
        standing = self.standing()
        while max(standing.chances) < sure and not comparing.over:
            worth = 1.0 - max(standing.chances)
            results = await comparing.compare(self._pairs(standing), worth)
            if not any(result is not None for result in results):
                break
            standing = self.standing()
        return standing

    def _pairs(self, standing: Standing) -> list[Pair]:
        """Pair the likeliest; the better seed first. An echoing judge gets new pairs only.

        Waves over a large field are wider, or they would take as many times as long.
        """
        ranked = standing.ranked[:CONTENDERS]
        reach = (_WAVE - 1) * -(-len(self._seeds) // CONTENDERS)
        met = [(ranked[0], other) for other in ranked[1 : 1 + reach]]
        met += [(ranked[1], other) for other in ranked[2:3]]
        pairs = [(self._seeds[min(pair)], self._seeds[max(pair)]) for pair in met]
        return [pair for pair in pairs if not (self._book.echoes and self._book.knows(pair))]
