"""How strongly strengths are pinned down: a sparse matrix, solved directly or step by step."""

from __future__ import annotations

from math import sqrt
from operator import mul
from typing import TYPE_CHECKING

from hocket.api.patterns.elimination import Elimination

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Vector = list[float]
    Matrix = list[Vector]

PRIOR = 0.25
"""Curvature of the prior of every strength: one over its variance."""
DIRECT, EXACT = 40, 200
"""Up to so many items steps are solved directly; up to so many covariances are."""
_LOOSE = 6
"""Opponents an item up to which it is eliminated at once; crowded fields go step by step."""
_NEAR = 1e-8
"""How far steps go down, squared: a ten-thousandth of the way is left."""


class Curve:
    """The curvature of the fit, a sparse matrix: who was never compared has no entry."""

    def __init__(self, others: list[list[int]], pulls: Matrix) -> None:
        self._others = others
        self._pulls = pulls
        self.diagonal = [PRIOR + sum(row) for row in pulls]

    def solve(self, right: Vector) -> Vector:
        """Solve for one right side."""
        if len(right) > DIRECT and self._is_loose:
            return Elimination(self._others, self._pulls, self.diagonal).solve(right)
        if len(right) > DIRECT:
            return self._descend(right)
        factor = root(self._dense())
        return _back(factor, _forward(factor, right))

    def variances(self) -> Vector:
        """Give the diagonal of the inverse; of a large field as if all opponents were known."""
        if len(self.diagonal) > EXACT:
            return [1.0 / bend for bend in self.diagonal]
        columns = _halves(self._dense(), range(len(self.diagonal)))
        return [sum(map(mul, column, column)) for column in columns]

    def covariance(self, items: Sequence[int]) -> Matrix:
        """Give the inverse for these items, the others left to vary."""
        if len(self.diagonal) <= EXACT:
            halves = _halves(self._dense(), items)
        elif self._is_loose:
            reduced = Elimination(self._others, self._pulls, self.diagonal)
            reduced.run({*items})
            halves = _halves(reduced.rest(items), range(len(items)))
        else:
            count = len(self.diagonal)
            columns = [self._descend(_unit(item, count)) for item in items]
            return [[column[item] for item in items] for column in columns]
        return [[sum(map(mul, one, other)) for other in halves] for one in halves]

    @property
    def _is_loose(self) -> bool:
        return sum(map(len, self._others)) <= _LOOSE * len(self.diagonal)

    def _dense(self) -> Matrix:
        rows = [[0.0] * len(self.diagonal) for _ in self.diagonal]
        for item, (others, pulls) in enumerate(zip(self._others, self._pulls, strict=True)):
            rows[item][item] = self.diagonal[item]
            for other, pull in zip(others, pulls, strict=True):
                rows[item][other] = -pull
        return rows

    def _times(self, vector: Vector) -> Vector:
        rows = zip(self.diagonal, vector, self._others, self._pulls, strict=True)
        return [
            bend * own - sum(map(mul, pulls, [vector[other] for other in others]))
            for bend, own, others, pulls in rows
        ]

    def _descend(self, right: Vector) -> Vector:
        """Solve by conjugate gradients, each item scaled by its own curvature."""
        found, rest = [0.0] * len(right), [*right]
        along = scaled = [value / bend for value, bend in zip(rest, self.diagonal, strict=True)]
        size = enough = sum(map(mul, rest, scaled))
        while size > enough * _NEAR:
            bent = self._times(along)
            far = size / sum(map(mul, along, bent))
            found = [value + far * step for value, step in zip(found, along, strict=True)]
            rest = [value - far * step for value, step in zip(rest, bent, strict=True)]
            scaled = [value / bend for value, bend in zip(rest, self.diagonal, strict=True)]
            before, size = size, sum(map(mul, rest, scaled))
            turn = size / before
            along = [value + turn * step for value, step in zip(scaled, along, strict=True)]
        return found


def root(rows: Matrix) -> Matrix:
    """Give the lower Cholesky factor, row by row."""
    factor: Matrix = []
    for place, row in enumerate(rows):
        made: Vector = []
        for column in range(place):
            above = factor[column]
            made.append((row[column] - sum(map(mul, made, above))) / above[column])
        made.append(sqrt(row[place] - sum(map(mul, made, made))))
        factor.append(made)
    return factor


def _halves(rows: Matrix, items: Iterable[int]) -> Matrix:
    """Give columns of the inverse of the root: the inverse itself is their products."""
    factor = root(rows)
    return [_forward(factor, _unit(item, len(rows))) for item in items]


def _unit(item: int, count: int) -> Vector:
    return [float(place == item) for place in range(count)]


def _forward(factor: Matrix, right: Vector) -> Vector:
    """Solve with a Cholesky factor."""
    found: Vector = []
    for row, value in zip(factor, right, strict=True):
        found.append((value - sum(map(mul, row, found))) / row[-1])
    return found


def _back(factor: Matrix, right: Vector) -> Vector:
    """Solve with its transpose."""
    found, rest = [0.0] * len(right), right
    for place in range(len(factor) - 1, -1, -1):
        row = factor[place]
        found[place] = value = rest[place] / row[place]
        rest = [left - value * entry for left, entry in zip(rest, row[:place], strict=False)]
    return found
