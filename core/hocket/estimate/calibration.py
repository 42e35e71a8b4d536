"""What earlier estimates were worth: split conformal over actual / P50-as-shown.

With at least nine finished runs whose estimate is known, P90 is what nine in ten of them would
have stayed under: P50 times the ⌈0.9(m+1)⌉-th smallest ratio. With fewer nobody can know, and
three times P50 is what held in most simulations; the card says so.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ENOUGH = 9
"""Runs from which on the ratios decide."""
LAST = 50
"""Runs that count, the newest ones."""
COVERED = 0.9
ROUGHLY = 3.0


def p90(p50: float, simulated: float, ratios: Sequence[float]) -> float:
    """Give the bound that holds in nine of ten runs; `ratios` are newest first."""
    last = ratios[:LAST]
    if len(last) < ENOUGH:
        return max(simulated, ROUGHLY * p50)
    return p50 * conformal(last)


def conformal(ratios: Sequence[float]) -> float:
    """Give the ratio that a further one exceeds with at most one chance in ten."""
    rank = ceil(COVERED * (len(ratios) + 1))
    return sorted(ratios)[min(rank, len(ratios)) - 1]


def quantile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that so large a share does not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
