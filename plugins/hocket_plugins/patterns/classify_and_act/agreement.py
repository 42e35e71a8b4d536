"""What agreement says of error: how often labels err, and acts on them, with and without it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.classify_and_act.reading import Reading

ENOUGH = 20
"""Split readings without which nothing is measured."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The items whose label others had to agree with."""

    checked: Sequence[Reading]

    @property
    def splits(self) -> list[Reading]:
        """Those whose first two labels differ: the next two are free of that choice."""
        return [it for it in self.checked if len(it.labels) > 3 and it.labels[0] != it.labels[1]]  # noqa: PLR2004  (both of the next)

    @property
    def reading(self) -> float | None:
        """How often a label errs: two labels of one item differ in 2e(1 - e)."""
        splits = self.splits
        if len(splits) < ENOUGH:
            return None
        differ = sum(it.labels[2] != it.labels[3] for it in splits) / len(splits)
        return (1 - sqrt(max(0.0, 1 - 2 * differ))) / 2

    @property
    def single(self) -> float | None:
        """How often an act on the first label alone would be wrong."""
        error = self.reading
        if error is None:
            return None
        if error == 0.5:  # noqa: PLR2004  (labels thrown like coins say nothing)
            return 0.5
        seconded = sum(it.labels[0] == it.labels[1] for it in self.checked) / len(self.checked)
        return min(1.0, max(0.0, 1 - (seconded - error) / (1 - 2 * error)))

    @property
    def confirmed(self) -> float | None:
        """How often an act that was agreed upon is wrong."""
        error, single = self.reading, self.single
        if error is None or single is None:
            return None
        wrong = single * _agreed(error)
        right = (1 - single) * _agreed(1 - error)
        return wrong / (wrong + right) if wrong else 0.0

    def told(self) -> dict[str, JsonValue]:
        """State the error, and what it rests on."""
        measured = self.reading is not None
        return {
            "basis": "agreement" if measured else "none",
            "checked": len(self.checked),
            "changed": sum(it.label != it.first for it in self.checked),
            "reading": _rounded(self.reading),
            "single": _rounded(self.single),
            "confirmed": _rounded(self.confirmed),
        }

    def note(self) -> str | None:
        """Say it in words."""
        if self.reading is None or self.single is None or self.confirmed is None:
            return None
        return (
            f"an act on one reading would be wrong in {self.single:.0%}, one that was agreed upon "
            f"is in {self.confirmed:.0%}: labels err in {self.reading:.0%}, "
            f"by {len(self.splits)} split readings"
        )


def _agreed(share: float) -> float:
    """Say how often further votes agree with a first one, each with this chance."""
    return share + (1 - share) * share * share


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
