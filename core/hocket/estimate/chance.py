"""Chance that belongs to one call of one draw: the same for ever, whatever the order."""

from __future__ import annotations

from hashlib import blake2b
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_STANDARD = NormalDist()
_WORD = 8
_UNIT = 2.0**-53
_LEAST = 2.0**-54


class Chance:
    """A stream of draws with a name; a digest gives eight of them at once."""

    __slots__ = ("_count", "_draw", "_left", "_name")

    def __init__(self, draw: int, name: str = "") -> None:
        self._draw = draw
        self._name = f"{draw}:{name}".encode("utf-8", "surrogatepass")
        self._count, self._left = 0, b""

    def of(self, name: str) -> Chance:
        """Give chance that belongs to something else of the same draw."""
        return Chance(self._draw, name)

    def unit(self) -> float:
        """Draw from 0 up to, not including, 1."""
        if not self._left:
            self._left = blake2b(self._name, salt=self._count.to_bytes(_WORD)).digest()
            self._count += 1
        word, self._left = self._left[:_WORD], self._left[_WORD:]
        return (int.from_bytes(word) >> 11) * _UNIT

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of them."""
        return options[int(self.unit() * len(options))]

    def lognormal(self, sigma: float) -> float:
        """Draw a factor with median 1."""
        return exp(sigma * _STANDARD.inv_cdf(self.unit() + _LEAST))

    def spread(self, sigma: float) -> float:
        """Draw a factor with mean 1."""
        return self.lognormal(sigma) * exp(-sigma * sigma / 2)
