"""Who did how much of the calls, and what asking twice added."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.calls import Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.launch.routing.courses import Course


@dataclass(frozen=True, slots=True)
class Share:
    """One model's part of the calls."""

    model: str | None
    """None: the backend's own."""
    calls: int
    """The calls of which it gave the last answer."""
    tries: int
    """How often it was asked, questions about calls included."""
    usage: Usage


@dataclass(frozen=True, slots=True)
class Shares:
    """What became of all calls of some runs."""

    calls: int
    escalated: int
    """Calls that a second model was asked for."""
    asides: int
    """Questions about calls: judges of answers, classifications."""
    added_ms: int
    """Wall time beside the try that answered, summed over calls."""
    usage: Usage
    models: tuple[Share, ...]
    """The one that answered most calls first."""


def shares(taken: Sequence[Course]) -> Shares:
    """Count by model."""
    answered = Counter(course.answers[-1].model for course in taken)
    tries: Counter[str | None] = Counter()
    usage: defaultdict[str | None, Usage] = defaultdict(Usage)
    for one in (one for course in taken for one in course.tries):
        tries[one.model] += 1
        usage[one.model] += one.usage
    models = [Share(model, answered[model], tries[model], usage[model]) for model in tries]
    return Shares(
        calls=len(taken),
        escalated=sum(len(course.answers) > 1 for course in taken),
        asides=sum(one.aside for course in taken for one in course.tries),
        added_ms=sum(map(_added_ms, taken)),
        usage=sum(usage.values(), Usage()),
        models=tuple(sorted(models, key=lambda s: (-s.calls, -s.tries, s.model or ""))),
    )


def _added_ms(course: Course) -> int:
    return sum(one.wall_ms for one in course.last) - course.answers[-1].wall_ms
