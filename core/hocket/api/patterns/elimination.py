"""Solving a sparse matrix by letting items stand for one another: in a bracket hardly any work."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet


class Elimination:
    """Removes items one by one, always one with the fewest opponents left."""

    def __init__(
        self, others: list[list[int]], pulls: list[list[float]], diagonal: list[float]
    ) -> None:
        self._rows = [dict(zip(*row, strict=True)) for row in zip(others, pulls, strict=True)]
        self._diagonal = [*diagonal]
        self._right = [0.0] * len(diagonal)
        self._gone: list[int] = []

    def solve(self, right: Sequence[float]) -> list[float]:
        """Solve for one right side."""
        self._right = [*right]
        self.run(frozenset())
        found = [0.0] * len(right)
        for item in reversed(self._gone):
            row = self._rows[item].items()
            pulled = sum(pull * found[other] for other, pull in row)
            found[item] = (self._right[item] + pulled) / self._diagonal[item]
        return found

    def run(self, kept: AbstractSet[int]) -> None:
        """Remove all items but some."""
        gone = {*kept}
        queue = [(len(row), item) for item, row in enumerate(self._rows) if item not in gone]
        heapify(queue)
        while queue:
            met, item = heappop(queue)
            if item not in gone and met == len(self._rows[item]):
                gone.add(item)
                self._remove(item)
                for other in self._rows[item]:
                    heappush(queue, (len(self._rows[other]), other))

    def rest(self, items: Sequence[int]) -> list[list[float]]:
        """Give the matrix of the items that were kept."""
        return [
            [
                self._diagonal[one] if one == other else -self._rows[one].get(other, 0.0)
                for other in items
            ]
            for one in items
        ]

    def _remove(self, item: int) -> None:
        """Let the opponents of an item stand for it among themselves; its own row stays."""
        row, right = self._rows[item], self._right[item]
        for one, pull in row.items():
            share = pull / self._diagonal[item]
            mine = self._rows[one]
            del mine[item]
            self._diagonal[one] -= pull * share
            self._right[one] += right * share
            for other, across in row.items():
                if other != one:
                    mine[other] = mine.get(other, 0.0) + share * across
        self._gone.append(item)
