"""Seeded chance for patterns: the same draws in every life of a run, on every machine."""

from __future__ import annotations

from math import cos, log, pi, sqrt
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_MASK = (1 << 64) - 1
_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_UNIT = 2.0**-53


class Draws:
    """A stream of numbers (splitmix64) from a seed, usually `PatternContext.seed`."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def bits(self) -> int:
        """Draw 64 bits."""
        self._state = state = (self._state + _STEP) & _MASK
        state = ((state ^ (state >> 30)) * _FIRST) & _MASK
        state = ((state ^ (state >> 27)) * _SECOND) & _MASK
        return state ^ (state >> 31)

    def unit(self) -> float:
        """Draw from 0 up to, not including, 1."""
        return (self.bits() >> 11) * _UNIT

    def below(self, count: int) -> int:
        """Draw a whole number from 0 on; the bias of a count in 2⁶⁴ does not matter here."""
        return self.bits() % count

    def normal(self) -> float:
        """Draw from the standard normal distribution."""
        return sqrt(-2.0 * log(1.0 - self.unit())) * cos(2.0 * pi * self.unit())

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Draw an order; the options themselves are never compared."""
        keys = [self.bits() for _ in options]
        return [options[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]
