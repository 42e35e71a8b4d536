"""Synthetic histories: whether P90 holds for the next run when chance alone made the others.

Calls are lognormal, their number is negative binomial, and one effect multiplies a whole run.
P50 as shown is the median of the same model; so only the spread is to be learned.
"""

from __future__ import annotations

import random
from math import sqrt
from statistics import median

from hocket.estimate import calibration

CALLS, CALL_SPREAD = 30, 0.8
KNOWN = (3, 5, 9, 20, 50)
EFFECTS = (0.2, 0.5)
TRIALS, POOL = 1_500, 4_000


def cost(chance: random.Random, effect: float, dispersion: float = 4.0) -> float:
    """Draw what a run costs."""
    rate = chance.gammavariate(dispersion, CALLS / dispersion)
    count = max(1, round(chance.gauss(rate, sqrt(rate))))
    calls = sum(chance.lognormvariate(0.0, CALL_SPREAD) for _ in range(count))
    return calls * chance.lognormvariate(0.0, effect)


def coverage(known: int, effect: float, trials: int = TRIALS, pool: int = POOL) -> float:
    """Give the share of histories after which the next run stays under P90."""
    chance = random.Random(f"{known}:{effect}")
    runs = [cost(chance, effect) for _ in range(pool)]
    p50 = median(runs)
    simulated = calibration.quantile(runs, calibration.COVERED)
    held = 0
    for _ in range(trials):
        ratios = [chance.choice(runs) / p50 for _ in range(known)]
        high = calibration.p90(p50, simulated, ratios)
        held += chance.choice(runs) <= high
    return held / trials


def rows(trials: int = TRIALS, pool: int = POOL) -> list[tuple[int, float, float]]:
    """Give the coverage for each number of known runs and each effect."""
    pairs = [(known, effect) for known in KNOWN for effect in EFFECTS]
    return [(known, effect, coverage(known, effect, trials, pool)) for known, effect in pairs]


def show(found: list[tuple[int, float, float]]) -> None:
    """Print a table."""
    print(f"{'known runs':>10}{'effect':>8}{'in P90':>8}   {TRIALS:,} synthetic histories each")
    for known, effect, share in found:
        print(f"{known:>10}{effect:>8}{share:>8.1%}")
