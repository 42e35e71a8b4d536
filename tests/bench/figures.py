"""What a bench tells: one figure per row, with the goal it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = dict[str, str | float | bool | None]


class InvalidRun(Exception):
    """A run did not do what it is measured for; its workload's figures are dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number. A goal is a limit from above, or the exact count when `exact`."""

    key: str
    value: float
    unit: str
    goal: float | None = None
    exact: bool = False
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.goal is None:
            return None
        return self.value == self.goal if self.exact else self.value <= self.goal

    @property
    def row(self) -> Row:
        """The figure as `--json` writes it, without its key."""
        return {
            "value": round(self.value, 6),
            "unit": self.unit,
            "goal": self.goal,
            "holds": self.holds,
            "note": self.note,
        }


def number(value: float) -> str:
    """Write a number for a person: whole when it is a count or large, else three digits."""
    if isinstance(value, int) or abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def spread(values: Sequence[float]) -> str:
    """Say of how many runs a median is, and how far apart they lie."""
    if len(values) == 1:
        return "1 run"
    return f"median of {len(values)}, {number(min(values))} to {number(max(values))}"
