"""What the runs of a project look like from outside: live, dead or finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED, Usage
from hocket.engine.history import calls
from hocket.engine.recovery import look, whole
from hocket.engine.summary import Failure, report

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.storage import Store
    from hocket.engine.history import CallLine
    from hocket.engine.past import Past
    from hocket.engine.summary import Report

DIED = "its process left without closing the run"


@dataclass(frozen=True, slots=True)
class Row:
    """A run in a list."""

    run_id: str
    name: str
    status: str
    started_ms: int


def rows(store: Store) -> list[Row]:
    """List the runs, newest first; reads no more than each journal's ends."""
    return [_row(store, run_id) for run_id in store.runs()]


def describe(store: Store, run_id: str) -> Report:
    """Build the same object for a live, dead or finished run, from its journal alone."""
    journal = store.peek(run_id, "journal.jsonl") or b""
    past = look(journal)
    lines = calls(journal)
    closed = past.closed or {}
    status, cause = _status(store, run_id, past)
    result = _result(store, run_id, closed) if status == "completed" else None
    used = sum((line.usage for line in lines), Usage())
    return report(
        run_id=run_id,
        name=str(past.header.get("name", "")),
        status=status,
        cause=cause,
        result=result,
        census=_census(closed, past),
        usage=used,
        elapsed_ms=past.elapsed_ms,
        failures=[_failure(line) for line in lines if not _is_fine(line)],
    )


def _row(store: Store, run_id: str) -> Row:
    journal = store.peek(run_id, "journal.jsonl") or b""
    past = look(journal)
    first = next(whole(journal), None)
    started = first[0].at_ms if first else 0
    return Row(run_id, str(past.header.get("name", "")), _status(store, run_id, past)[0], started)


def _status(store: Store, run_id: str, past: Past) -> tuple[str, str | None]:
    """Say how it stands: a run whose process died is suspended like one that left."""
    if past.closed is not None:
        cause = past.closed.get("cause")
        return str(past.closed.get("state")), None if cause is None else str(cause)
    if store.holder(run_id) is not None:
        return "running", None
    return "suspended", DIED


def _result(store: Store, run_id: str, closed: dict[str, JsonValue]) -> JsonValue:
    import json  # noqa: PLC0415  (only for results too big for a record)

    if "artifact" not in closed:
        return closed.get("value")
    kept = store.peek(run_id, f"artifacts/{closed['artifact']}")
    value: JsonValue = json.loads(kept) if kept is not None else None
    return value


def _census(closed: dict[str, JsonValue], past: Past) -> dict[str, int]:
    census = closed.get("census")
    if not isinstance(census, dict):
        return past.census
    return {state: count for state, count in census.items() if isinstance(count, int)}


def _is_fine(line: CallLine) -> bool:
    return line.state in {state.value for state in COMMITTED}


def _failure(line: CallLine) -> Failure:
    state = line.state or "unfinished"
    cause = line.cause if line.state else "started, and no end was written"
    return Failure(line.number, line.label, state, cause)
