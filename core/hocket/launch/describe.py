"""The account of a run from its journal alone: the same object, live, dead or finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED
from hocket.engine.summary import Failure, report
from hocket.journal.history import calls
from hocket.journal.recovery import look, whole
from hocket.launch import records, wishing
from hocket.launch.shelf import JOURNAL, RUNNING, SUSPENDED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from hocket.api.storage import Store
    from hocket.engine.summary import Report
    from hocket.journal.history import CallLine
    from hocket.journal.past import Past

    Load = Callable[[str], bytes | None]

DIED = "its process left without closing the run"
_FINE = {state.value for state in COMMITTED}


def describe(store: Store, run_id: str) -> Report:
    """Tell what became of a run; raises JournalDamaged and StructureError like a resume."""
    # Its holder first: a run that ends while we look has then written its end.
    held = store.holder(run_id) is not None
    journal = store.peek(run_id, JOURNAL) or b""
    past = look(journal)
    told = _derived(run_id, past, journal, live=held)
    if past.closed is not None:
        return _closed(told, past, lambda digest: store.peek(run_id, f"artifacts/{digest}"))
    if held:
        said = wishing.status(store, run_id)
        return {**told, **said}
    notes = _torn(past, len(journal))
    return {**told, "status": SUSPENDED, "cause": DIED, "notes": notes}


def _closed(told: Report, past: Past, load: Load) -> Report:
    """Repeat what the run said when it left; what an older version did not write is derived."""
    end = records.unspilled(past.closed or {}, load)
    kept = {name: end[name] for name in records.TOLD if name in end}
    status = str(end.get("state"))
    result = records.value(end, load) if status == "completed" else None
    return {**told, **kept, "status": status, "cause": end.get("cause"), "result": result}


def _derived(run_id: str, past: Past, journal: bytes, *, live: bool) -> Report:
    lines = calls(journal)
    begun = max((r.n for r, _, _ in whole(journal) if r.kind == "opened"), default=0)
    return report(
        run_id=run_id,
        name=str(past.header.get("name", "")),
        status=RUNNING,
        cause=None,
        result=None,
        census=_census(lines, begun),
        usage=past.used,
        elapsed_ms=past.elapsed_ms,
        failures=[_failure(line) for line in lines if _failed(line, live=live)],
    )


def _census(lines: Sequence[CallLine], begun: int) -> dict[str, int]:
    """Count end states; an answer of an earlier life is `cached`, as it is once it is replayed."""
    counts: dict[str, int] = {}
    for line in lines:
        if line.state is not None:
            state = "cached" if line.state == "ok" and line.record < begun else line.state
            counts[state] = counts.get(state, 0) + 1
    return counts


def _failed(line: CallLine, *, live: bool) -> bool:
    return not live if line.state is None else line.state not in _FINE


def _failure(line: CallLine) -> Failure:
    if line.state is None:
        return Failure(line.number, line.label, "unfinished", "started, and no end was written")
    return Failure(line.number, line.label, line.state, line.cause)


def _torn(past: Past, size: int) -> list[JsonValue]:
    """Say that the journal does not end where it can be read no further."""
    if past.size == size:
        return []
    return [f"the journal is whole up to byte {past.size:,} of {size:,}; a resume says what is cut"]
