"""A figure of the research bench, its bar, and whether it was met."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure has to be: at least, at most, or as near to a goal as the tolerance says."""

    at_least: float | None = None
    at_most: float | None = None
    goal: float | None = None
    within: float = 0.0

    def met(self, value: float) -> bool:
        """Whether a value is good enough."""
        if self.at_least is not None and value < self.at_least - 1e-9:
            return False
        if self.at_most is not None and value > self.at_most + 1e-9:
            return False
        return self.goal is None or abs(value - self.goal) <= self.within + 1e-9

    def __str__(self) -> str:
        """Write it as in the table."""
        if self.goal is not None:
            return f"{self.goal:g} ± {self.within:g}"
        least = "" if self.at_least is None else f"≥ {self.at_least:g}"
        return least if self.at_most is None else f"{least} ≤ {self.at_most:g}".strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one setting; without a bar it only informs, without a value nothing was."""

    about: str
    setting: str
    figure: str
    value: float | None
    bar: Bar | None = None
    of: float | None = None
    """How many things it is a share of."""

    @property
    def verdict(self) -> str:
        """Say `met` or `missed`, or nothing."""
        if self.bar is None or self.value is None:
            return ""
        return "met" if self.bar.met(self.value) else "missed"

    @property
    def cells(self) -> dict[str, object]:
        """Give it for JSON."""
        return {**asdict(self), "bar": None if self.bar is None else str(self.bar),
                "verdict": self.verdict}  # fmt: skip
