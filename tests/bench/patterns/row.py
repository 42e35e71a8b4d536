"""One figure of a simulation, beside the one it has to meet."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Row:
    """What a simulation found; without a goal it only informs."""

    section: str
    model: str
    figure: str
    value: float
    goal: float | None
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the figure is as near its goal as it has to be."""
        return self.goal is None or abs(self.value - self.goal) <= self.tolerance


def within(tolerance: float, trials: float) -> float:
    """Widen what full simulations must meet for shorter ones, as their noise is wider."""
    return tolerance / sqrt(min(1.0, trials))
