"""The agents of a case: they say what it has them say, by the role and the item of a call."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext
    from hocket.rehearsal.case import Line

_PLENTY = Bound(output=1_000)


class Cast:
    """Answers each call with the first line that fits it; equal lines are taken in turn."""

    name = "rehearsal"
    has_workspace = False
    checks_pass = True

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._said: Counter[int] = Counter()
        self.unanswered: dict[str, None] = {}
        """Calls that no line was for, each told once."""

    def bound(self, call: Call) -> Bound:  # noqa: ARG002  (every call may say as much)
        """Reserve the same for every call."""
        return _PLENTY

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Say the line."""
        line = self._line(call)
        if line is None:
            told = f"no answer for the role '{call.options.role}' ({call.label})"
            self.unanswered[told] = None
            return Outcome(EndState.ERROR, cause=told)
        if line.fails is not None:
            return Outcome(EndState(line.fails), cause="as the case says")
        said = await context.submit(line.answer)
        if said.accepted:
            return Outcome(EndState.OK, line.answer)
        self.unanswered[f"the answer to '{call.options.role}': {said.complaint}"] = None
        return Outcome(EndState.INVALID, cause="the case's answer does not fit the schema")

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _line(self, call: Call) -> Line | None:
        """Choose among the fitting lines the one that was said least, of those the first."""
        fitting = [at for at, line in enumerate(self._lines) if _fits(line, call)]
        if not fitting:
            return None
        # A line with a condition is meant for the call more than one without.
        most = max(len(self._lines[at].when) for at in fitting)
        best = [at for at in fitting if len(self._lines[at].when) == most]
        chosen = min(best, key=lambda at: (self._said[at], at))
        self._said[chosen] += 1
        return self._lines[chosen]


def _fits(line: Line, call: Call) -> bool:
    if line.role != call.options.role:
        return False
    return all(_field(call.options.item, name) == value for name, value in line.when.items())


def _field(item: JsonValue, name: str) -> JsonValue:
    """Look into an item: `source.id` goes down."""
    for part in name.split("."):
        item = item.get(part) if isinstance(item, dict) else None
    return item
