"""Scripted judges: they err at a known rate, lean to the first place, or repeat themselves.

Items are numbers: the lower one is the better one. For lists they are places of strengths.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from hocket.api.patterns.draws import Draws

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Right = Callable[[int], float]


def flat(error: float) -> Right:
    """Err alike on every pair."""
    return lambda _gap: 1.0 - error


def by_gap(strength: float) -> Right:
    """Err the less the further two items are apart (Bradley-Terry)."""
    return lambda gap: 1.0 / (1.0 + exp(-strength * gap))


class Judge:
    """Judges pairs; `pull` is added to the chance of whatever stands first."""

    def __init__(self, right: Right, seed: int, *, pull: float = 0.0, frozen: bool = False) -> None:
        self._right = right
        self._draws = Draws(seed)
        self._pull = pull
        self._kept: dict[tuple[int, int], str] | None = {} if frozen else None
        self.looks = 0

    def __call__(self, ask):
        """Answer the call of a pattern."""
        first, second = ask.options["item"]
        return {"winner": self.answer(first, second)}

    def answer(self, first: int, second: int) -> str:
        """Say which is better; a frozen judge says of an ordered pair what it said before."""
        self.looks += 1
        if self._kept is None:
            return self._fresh(first, second)
        if (first, second) not in self._kept:
            self._kept[first, second] = self._fresh(first, second)
        return self._kept[first, second]

    def _fresh(self, first: int, second: int) -> str:
        right = self._right(abs(first - second)) + (self._pull if first < second else -self._pull)
        return "first" if (self._draws.unit() < right) == (first < second) else "second"


class Reader:
    """Orders a list by true strength and fresh Gumbel noise, as Plackett-Luce has it."""

    def __init__(self, strengths: Sequence[float], seed: int) -> None:
        self._strengths = strengths
        self._draws = Draws(seed)

    def __call__(self, ask):
        """Answer the call of a pattern with the letters of the items, best first."""
        seen = [self._strengths[item] + self._gumbel() for item in ask.options["item"]]
        letters = sorted(range(len(seen)), key=lambda place: -seen[place])
        return {"order": [chr(ord("A") + place) for place in letters]}

    def prefers(self, first: int, second: int) -> bool:
        """Say whether the first seems better than the second in one look."""
        return self._strengths[first] + self._gumbel() > self._strengths[second] + self._gumbel()

    def _gumbel(self) -> float:
        return -log(-log(1.0 - self._draws.unit()))
