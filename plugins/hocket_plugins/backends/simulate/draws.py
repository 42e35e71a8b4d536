"""Chance that belongs to one call: the same draws in every life, whatever the order."""

from __future__ import annotations

from hashlib import blake2b
from math import log
from typing import TYPE_CHECKING, TypeVar

from hocket.api.patterns import draws

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Draws(draws.Draws):
    """A stream of numbers that is named by seed, key and occurrence."""

    __slots__ = ()

    def __init__(self, seed: int, key: str, occurrence: int) -> None:
        name = f"{seed}:{key}:{occurrence}".encode("utf-8", "surrogatepass")
        super().__init__(int.from_bytes(blake2b(name, digest_size=8).digest()))

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + self.bits() % (high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of them."""
        return options[self.bits() % len(options)]

    def waiting(self, mean: float) -> float:
        """Draw from the exponential distribution: many short, few long."""
        return -mean * log(1.0 - self.unit())

    def geometric(self, mean: float) -> int:
        """Draw a count from 0 on; `log` of a share below 1 keeps it exact enough."""
        return int(log(1.0 - self.unit()) / log(mean / (mean + 1.0))) if mean > 0 else 0
