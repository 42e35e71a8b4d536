"""The outlook: what further finders would bring, and how much there may be that nobody saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST = 6
"""Finders below which overlap says nothing about how much there is."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Overlap among `n` finders who did not see each other's finds."""

    n: int
    found: int
    f1: int
    """Items that exactly one of them saw."""
    f2: int

    @classmethod
    def of(cls, n: int, sightings: Iterable[int]) -> Outlook:
        """Count items by how many of `n` finders saw each."""
        seen = [count for count in sightings if count]
        return cls(n, len(seen), seen.count(1), seen.count(2))

    @property
    def forecast(self) -> float:
        """Expect so many new items from the next finder; the plain f1/n is too high."""
        if not self.f1:
            return 0.0
        pairs = (self.n - 1) * self.f1
        plain = self.f1 / self.n
        return plain * pairs / (pairs + 2 * self.f2) if pairs else plain

    @property
    def recall_at_most(self) -> float | None:
        """Bound the share that was found: Chao's estimate of all there is errs to the low side."""
        if self.n < FEWEST or not self.found:
            return None
        unseen = (self.n - 1) / self.n * self.f1 * (self.f1 - 1) / (2 * (self.f2 + 1))
        return self.found / (self.found + unseen)


def rate_at_most(empty: int) -> float:
    """Bound the share of finders that would still bring something, after so many did not."""
    return float(1 - 0.05 ** (1 / empty))
