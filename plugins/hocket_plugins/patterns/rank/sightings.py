"""All orders that were answered, the strengths they imply, and how far two halves agree."""

from __future__ import annotations

from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

from hocket.api.patterns.strengths import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.patterns.strengths import Strengths

    Won = dict[tuple[int, int], float]


class Sightings:
    """Counts who stood before whom, in lists shown forward and reversed apart."""

    def __init__(self, places: Sequence[int]) -> None:
        self.places = [*places]
        self._number = {place: number for number, place in enumerate(places)}
        self._halves: tuple[Won, Won] = ({}, {})
        self._theta: list[float] = []
        self.seen: set[int] = set()
        self.first: float | None = None
        """How far the halves of the first round agree: later rounds show both the same groups,
        and who was put into a better one by chance seems better in both."""

    def add(self, order: Sequence[int], *, reverse: bool) -> None:
        """Add one order, best first: every pair in it is an observation."""
        half = self._halves[reverse]
        self.seen.update(order)
        for pair in combinations([self._number[place] for place in order], 2):
            half[pair] = half.get(pair, 0.0) + 1.0

    def strengths(self) -> Strengths:
        """Fit all orders; items go by their number among `places`."""
        forward, reverse = self._halves
        won = dict(forward)
        for pair, times in reverse.items():
            won[pair] = won.get(pair, 0.0) + times
        fitted = fit(len(self.places), won, self._theta)
        self._theta = fitted.theta
        return fitted

    def best_first(self, places: Sequence[int]) -> list[int]:
        """Order some of the items by all that is known; equal ones stay as they are."""
        theta = self.strengths().theta
        return sorted(places, key=lambda place: -theta[self._number[place]])

    def note_first(self) -> None:
        """Keep the agreement of the first round, once it is played."""
        if self.first is None:
            self.first = self.split_half()

    def split_half(self) -> float | None:
        """Correlate the strengths of forward lists with those of reversed ones."""
        forward, reverse = (fit(len(self.places), half).theta for half in self._halves)
        return _correlation(forward, reverse)


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Give Pearson's r; None where one of them does not vary."""
    ones, others = (_centred(values) for values in (one, other))
    spread = sqrt(sum(value * value for value in ones) * sum(value * value for value in others))
    return sum(a * b for a, b in zip(ones, others, strict=True)) / spread if spread else None


def _centred(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]
