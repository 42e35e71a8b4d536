"""What all comparisons say: who was preferred to whom, how often order decided, who repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.strengths import fit

if TYPE_CHECKING:
    from hocket.api.patterns.strengths import Strengths

    Pair = tuple[int, int]

REPEATS, SAME = {1: 24, 2: 8}, 0.95
"""By calls of a comparison, how many repeats this much alike make a judge that repeats itself.
Fresh answers agree in about half of them; in one order, of a good judge, in four of five."""


class Scorebook:
    """Keeps every answered comparison, by place of the items."""

    def __init__(self) -> None:
        self.met: dict[Pair, list[float]] = {}
        """All results of a pair as its smaller place sees them."""
        self.comparisons = self.flips = 0
        self._calls = 1
        self._repeats = self._agreed = 0

    def write(self, pair: Pair, result: float, calls: int) -> None:
        """Write down one comparison of as many judge calls: 1 is won by the first."""
        key = (min(pair), max(pair))
        seen = result if key == pair else 1.0 - result
        before = self.met.setdefault(key, [])
        if before:
            self._repeats += 1
            self._agreed += before[-1] == seen
        before.append(seen)
        self._calls = calls
        self.comparisons += 1
        self.flips += 0.0 < result < 1.0

    @property
    def agreement(self) -> float | None:
        """How often a repeated comparison came out as before; None without a repeat."""
        return self._agreed / self._repeats if self._repeats else None

    @property
    def echoes(self) -> bool:
        """Whether the judge repeats itself, so that only new pairs tell anything."""
        return self._repeats >= REPEATS[self._calls] and (self.agreement or 0.0) >= SAME

    def knows(self, pair: Pair) -> bool:
        """Say whether these two were compared."""
        return (min(pair), max(pair)) in self.met

    def strengths(self, places: list[int], start: list[float]) -> Strengths:
        """Fit strengths in the order of places; of an echoing judge each pair counts once."""
        number = {place: index for index, place in enumerate(places)}
        won: dict[Pair, float] = {}
        for (one, other), results in self.met.items():
            counted = results[:1] if self.echoes else results
            gained = self._calls * sum(counted)
            won[number[one], number[other]] = gained
            won[number[other], number[one]] = self._calls * len(counted) - gained
        return fit(len(places), won, start)
