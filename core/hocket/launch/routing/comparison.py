"""What the routes were worth, beside the best single model and the best possible choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.launch.routing.courses import Course
    from hocket.launch.routing.labels import Labels, Mark

MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Worth:
    """How often a choice of models is right, and what it costs in all."""

    accuracy: float
    cost: float | None
    """Dollars; None when one of them is unknown."""
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The routes as they were taken, the best one model, and the cheapest right one per task."""

    calls: int
    """Calls that have labels for the model that answered."""
    routed: Worth
    best_single: Worth | None
    """None: no model has a label for every one of them."""
    oracle: Worth

    @property
    def closed(self) -> float | None:
        """The share of the gap in accuracy that the router closed; None where there is no gap."""
        if self.best_single is None:
            return None
        gap = self.oracle.accuracy - self.best_single.accuracy
        return (self.routed.accuracy - self.best_single.accuracy) / gap if gap > 0 else None


def compare(taken: Sequence[Course], labels: Labels) -> Comparison | None:
    """Compare the calls that have labels, found by label, else by prompt; None without any."""
    pairs = [
        (course, marks, marks[model])
        for course in taken
        if (marks := labels.get(course.label) or labels.get(course.prompt)) is not None
        and (model := course.answers[-1].model or "") in marks
    ]
    if not pairs:
        return None
    rows = [marks for _, marks, _ in pairs]
    given = [mark.right if course.fine else 0.0 for course, _, mark in pairs]
    paid = [course.usage.cost_micros for course, _, _ in pairs]
    dollars = [None if micros is None else micros / MICROS for micros in paid]
    routed = Worth(_mean(given), _sum(dollars))
    return Comparison(len(pairs), routed, best_single(rows), oracle(rows))


def best_single(rows: Sequence[dict[str, Mark]]) -> Worth | None:
    """Give the model that is right most often, of those that have all labels; ties: cheapest."""
    everywhere = set(rows[0]).intersection(*rows)
    worths = [_worth(model, [row[model] for row in rows]) for model in sorted(everywhere)]
    return max(worths, key=lambda worth: (worth.accuracy, -_priced(worth.cost)), default=None)


def oracle(rows: Sequence[dict[str, Mark]]) -> Worth:
    """Give the cheapest right model per task; where none is right, the cheapest."""
    chosen = [max(row.values(), key=lambda mark: (mark.right, -_priced(mark.cost))) for row in rows]
    return _worth(None, chosen)


def _worth(model: str | None, marks: Sequence[Mark]) -> Worth:
    return Worth(_mean([m.right for m in marks]), _sum([m.cost for m in marks]), model)


def _priced(cost: float | None) -> float:
    return 0.0 if cost is None else cost


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _sum(costs: Iterable[float | None]) -> float | None:
    """Add up; one unknown makes the sum unknown."""
    known = [*costs]
    return None if None in known else sum(cost for cost in known if cost is not None)
