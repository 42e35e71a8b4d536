"""The calls of a run, a line each, as its journal tells them to a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.journal.entries import read_usage
from hocket.journal.recovery import look, whole
from hocket.journal.spending import begins, number, part

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.journal.records import Record


@dataclass(slots=True)
class CallLine:
    """One call as far as it came; `state` is None while it has no end."""

    number: int
    label: str = ""
    phase: str | None = None
    model: str | None = None
    state: str | None = None
    cause: str | None = None
    usage: Usage = field(default_factory=Usage)
    tries: int = 0
    record: int = 0
    """The number of the record that told the last of it."""


def calls(journal: bytes) -> list[CallLine]:
    """List the agent calls of a journal by number; raises like `recovery.look`."""
    look(journal)
    lines: dict[int, CallLine] = {}
    for record, _, _ in whole(journal):
        call = number(record.payload, "call")
        if call and record.kind in {"started", "usage", "ended"}:
            _tell(lines.setdefault(call, CallLine(call)), record)
    return [lines[call] for call in sorted(lines)]


def _tell(line: CallLine, record: Record) -> None:
    payload = record.payload
    line.record = record.n
    if record.kind == "usage":
        line.usage += read_usage(payload)
        return
    if record.kind == "started" and not begins(payload):
        return
    line.label = str(payload.get("label") or line.label)
    line.phase = _text(payload.get("phase")) or line.phase
    if record.kind == "started":
        line.model, line.state, line.cause = _text(payload.get("model")), None, None
        return
    line.state, line.cause = _text(payload.get("state")), _text(payload.get("cause"))
    line.usage = read_usage(part(payload, "usage"))
    line.tries = number(payload, "tries")


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
