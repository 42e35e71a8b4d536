"""How strong each item is, by who was preferred to whom (Bradley-Terry), and who is the best.

The fit makes what was seen most likely, under a prior of sd 2 that keeps items finite which never
lost. Its uncertainty is the inverse of the curvature there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, inf, sqrt
from operator import add, mul, sub
from typing import TYPE_CHECKING

from hocket.api.patterns.curves import PRIOR, Curve, root
from hocket.api.patterns.draws import Draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Vector = list[float]
    Matrix = list[Vector]

CONTENDERS = 32
FAR = 4.0
"""Who is so many sd behind the first has no chance worth drawing for."""
DRAWS = 1_000
_STEPS, _LONGEST, _SETTLED = 40, 2.0, 1e-4


@dataclass(frozen=True, slots=True)
class Strengths:
    """Strengths on a logit scale: 1 apart, the stronger is preferred in 73 of 100 looks."""

    theta: list[float]
    _curve: Curve = field(repr=False)

    @property
    def order(self) -> list[int]:
        """All items from strong to weak; equal ones as they came."""
        return sorted(range(len(self.theta)), key=lambda item: -self.theta[item])

    def deviations(self) -> list[float]:
        """Give the sd of each strength.

        Beyond 200 items it is that beside opponents of known strength, which is a little less.
        """
        return [sqrt(variance) for variance in self._curve.variances()]

    def chances(self, seed: int = 0) -> list[float]:
        """Give each item's chance to be the strongest: its share of 1,000 seeded draws.

        Only the 32 strongest can be.
        """
        chances = [0.0] * len(self.theta)
        likely, spread = self._contenders() if self.theta else ([], [])
        means = [self.theta[item] for item in likely]
        for noise in _noise(len(likely), seed) if likely else ():
            off = [sum(map(mul, row, noise)) for row in spread]
            for look in (list(map(add, means, off)), list(map(sub, means, off))):
                chances[likely[look.index(max(look))]] += 1.0 / DRAWS
        return chances

    def _contenders(self) -> tuple[list[int], Matrix]:
        """Name who may be the strongest, and the root of their covariance."""
        order = self.order[:CONTENDERS]
        shared = self._curve.covariance(order)
        width = [shared[0][0] + row[n] - 2.0 * shared[0][n] for n, row in enumerate(shared)]
        behind = [self.theta[order[0]] - self.theta[item] for item in order]
        near = [n for n, gap in enumerate(behind) if gap * gap <= FAR * FAR * width[n]]
        return [order[n] for n in near], root([[shared[n][m] for m in near] for n in near])


def fit(count: int, won: Mapping[tuple[int, int], float], start: Sequence[float] = ()) -> Strengths:
    """Fit `count` items to `won[i, j]`: how often i was preferred to j. A start saves steps."""
    games = _Games(count, won)
    theta = [*start] or [0.0] * count
    curve, longest, steps = games.curve(theta), inf, 0
    while longest >= _SETTLED and steps < _STEPS:
        steps += 1
        step = curve.solve(games.slope(theta))
        longest = max(map(abs, step), default=0.0)
        damped = min(1.0, _LONGEST / longest) if longest else 1.0
        theta = [strength + damped * change for strength, change in zip(theta, step, strict=True)]
        curve = games.curve(theta)
    return Strengths(theta, curve)


class _Games:
    """Who met whom how often, and how often each was preferred."""

    def __init__(self, count: int, won: Mapping[tuple[int, int], float]) -> None:
        met: list[dict[int, float]] = [{} for _ in range(count)]
        self._gains = [0.0] * count
        for (winner, loser), times in won.items():
            self._gains[winner] += times
            met[winner][loser] = met[winner].get(loser, 0.0) + times
            met[loser][winner] = met[loser].get(winner, 0.0) + times
        self._others = [[*row] for row in met]
        self._times = [[*row.values()] for row in met]
        self._shares: Matrix = []

    def curve(self, theta: Vector) -> Curve:
        """Give the curvature at these strengths; the slope there is known afterwards."""
        self._shares = [
            [1.0 / (1.0 + exp(theta[other] - own)) for other in others]
            for own, others in zip(theta, self._others, strict=True)
        ]
        pulls = [
            [n * share * (1.0 - share) for n, share in zip(times, shares, strict=True)]
            for times, shares in zip(self._times, self._shares, strict=True)
        ]
        return Curve(self._others, pulls)

    def slope(self, theta: Vector) -> Vector:
        """Give the slope at the strengths of the last curve."""
        rows = zip(self._gains, theta, self._times, self._shares, strict=True)
        return [
            gain - PRIOR * own - sum(map(mul, times, shares)) for gain, own, times, shares in rows
        ]


@lru_cache(maxsize=64)
def _noise(count: int, seed: int) -> list[list[float]]:
    """Draw half of the draws; each stands for itself and its mirror image."""
    draws = Draws(seed)
    return [[draws.normal() for _ in range(count)] for _ in range(DRAWS // 2)]
