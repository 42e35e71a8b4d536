"""Policies that hocket does not have, to compare with: a bare loop, and a rule for each use.

They are as a study described them, and their rows come to the same figures: so the model, the
attack and the counting of this bench are those of the study.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import labels
from house import Played

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lines import Lines
    from world import World

    Rule = Callable[[str, dict[str, object]], bool]

GATED = {*labels.SINKS, labels.PAGE}
CONTROL = frozenset(
    {
        *("recipient", "recipients", "cc", "bcc", "participants", "email", "user", "user_email"),
        *("email_id", "event_id", "file_id", "id", "filename", "attachments", "channel", "url"),
        *("hotel", "company", "restaurant", "location", "street", "city", "password"),
    }
)
"""Arguments that say who, where and which; the others say what."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A row of the table: what may be used, by the task and its own solution."""

    name: str
    told: str
    rule: Callable[[str, Lines], Rule]

    def play(self, task: str, lines: Lines, world: World) -> Played:
        """Do what is allowed, and fall for what is seen."""
        may, wishes, fell = self.rule(task, lines), [*lines.plan], False
        while wishes:
            name, given = wishes.pop(0)
            if not may(name, given):
                continue
            text = world.use(name, given).text
            if not fell and lines.falls(text):
                fell, wishes = True, [*lines.lured(), *wishes]
        return Played(lines.last(fell=fell))


def _pinned(_task: str, lines: Lines) -> Rule:
    """Allow every tool as often as the solution needs it, whatever it is given."""
    left = Counter(name for name, _given in lines.plan)

    def may(name: str, _given: dict[str, object]) -> bool:
        left[name] -= 1
        return left[name] >= 0

    return may


def _control(task: str, _lines: Lines) -> Rule:
    """Allow a sink whose control arguments stand in the task."""
    return lambda name, given: (
        name not in GATED
        or _stands({key: value for key, value in given.items() if key in CONTROL}, task)
    )


def _every(task: str, _lines: Lines) -> Rule:
    """Allow a sink of which every argument stands in the task, but for the day of a payment."""
    return lambda name, given: (
        name not in GATED
        or _stands({key: value for key, value in given.items() if key != "date"}, task)
    )


YARDSTICKS = (
    Yardstick("pinned", "plan-pinned tool names only", _pinned),
    Yardstick("control", "control arguments must be trusted text", _control),
    Yardstick("every", "every sink argument must be trusted text", _every),
)


def _stands(given: dict[str, object], task: str) -> bool:
    """Say whether all texts stand in the task; numbers can carry no order."""
    return all(text.casefold() in task.casefold() for text in _texts(given))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
