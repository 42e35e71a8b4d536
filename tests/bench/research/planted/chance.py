"""Chance of given shape, from draws that are the same on every machine."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.api.patterns.draws import Draws


def beta(p: float, rho: float, draws: Draws) -> float:
    """Draw how often votes on one claim err: p on average, and correlated by rho."""
    if rho <= 0:
        return p
    spread = (1 - rho) / rho
    first, second = _gamma(p * spread, draws), _gamma((1 - p) * spread, draws)
    return first / (first + second) if first + second > 0 else p


def _gamma(shape: float, draws: Draws) -> float:
    """Draw by the method of Marsaglia and Tsang, raised for shapes below 1."""
    raised = shape + 1
    third = raised - 1 / 3
    scale = 1 / sqrt(9 * third)
    while True:
        normal = draws.normal()
        cube = (1 + scale * normal) ** 3
        if cube <= 0:
            continue
        unit = 1 - draws.unit()
        if log(unit) < normal * normal / 2 + third * (1 - cube + log(cube)):
            return third * cube * (1 - draws.unit()) ** (1 / shape)
