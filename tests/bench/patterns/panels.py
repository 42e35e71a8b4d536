"""Fixed panels of voters, in closed form: how often their majority is wrong."""

from __future__ import annotations

from math import comb, exp, lgamma


def panel_error(size: int, error: float) -> float:
    """Give how often the majority of a fixed panel is wrong, its errors independent."""
    return sum(
        comb(size, wrong) * error**wrong * (1 - error) ** (size - wrong)
        for wrong in range(size // 2 + 1, size + 1)
    )


def panel_error_alike(size: int, p: float, rho: float) -> float:
    """Give the same for errors that correlate (Beta-binomial)."""
    a, b = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho
    return sum(
        comb(size, wrong) * exp(_beta(a + wrong, b + size - wrong) - _beta(a, b))
        for wrong in range(size // 2 + 1, size + 1)
    )


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
