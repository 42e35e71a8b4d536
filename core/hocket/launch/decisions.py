"""The permission decisions of a run, a line each: what was allowed or denied, by whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.journal.recovery import look, whole
from hocket.journal.spending import number
from hocket.launch.records import unspilled
from hocket.launch.shelf import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.api.storage import Store

DECIDED = "decided"
WHOLE = "the whole call"
FREE = "nothing is against it"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about a use of a tool, or about a whole call before it ran."""

    record: int
    at_ms: int
    call: int
    label: str
    tool: str | None
    """None: it is about the whole call."""
    shown: str
    verdict: str
    reason: str
    by: str
    outside: tuple[str, ...]
    """What the agent had read from outside by then."""

    @property
    def use(self) -> str:
        """Name what was decided about."""
        return WHOLE if self.tool is None else self.shown

    @property
    def why(self) -> str:
        """Give the reason, with what the agent had read."""
        why = self.reason or (f"a {self.by} said no" if self.is_denied else FREE)
        return f"{why}; it had read {', '.join(self.outside)}" if self.outside else why

    @property
    def is_denied(self) -> bool:
        """Whether it came to anything but a yes."""
        return self.verdict != "allow"

    @property
    def row(self) -> tuple[str, ...]:
        """Give it as a person reads it in a list."""
        return str(self.call), self.label, self.verdict, self.use, self.why

    def as_json(self) -> JsonObject:
        """Give it as it stands in an answer."""
        return {
            "record": self.record,
            "at_ms": self.at_ms,
            "call": self.call,
            "label": self.label,
            "tool": self.tool,
            "use": self.shown,
            "verdict": self.verdict,
            "by": self.by,
            "reason": self.reason,
            "outside": [*self.outside],
        }


def decisions(store: Store, run_id: str) -> list[Decision]:
    """List the decisions of a run in their order; raises like `recovery.look`."""
    journal = store.peek(run_id, JOURNAL) or b""
    look(journal)
    labels: dict[int, str] = {}
    found: list[Decision] = []
    for record, _, _ in whole(journal):
        call = number(record.payload, "call")
        if record.payload.get("label"):
            labels[call] = str(record.payload["label"])
        if record.kind == DECIDED:
            told = unspilled(record.payload, lambda d: store.peek(run_id, f"artifacts/{d}"))
            found.append(_decision(told, record.n, record.at_ms, labels.get(call)))
    return found


def _decision(
    told: Mapping[str, JsonValue], record: int, at_ms: int, label: str | None
) -> Decision:
    tool = told.get("tool")
    outside = told.get("outside")
    shown = str(told.get("shown") or "")
    return Decision(
        record=record,
        at_ms=at_ms,
        call=number(told, "call"),
        # A call that was denied as a whole never started: its own record is all there is of it.
        label=shown if tool is None else label or "",
        tool=None if tool is None else str(tool),
        shown=shown,
        verdict=str(told.get("verdict") or "deny"),
        reason=str(told.get("reason") or ""),
        by=str(told.get("by") or ""),
        outside=tuple(str(source) for source in outside) if isinstance(outside, list) else (),
    )
