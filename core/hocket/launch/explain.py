"""Why a call hit or missed: what the journal knows of it, and the first field that differs."""

from __future__ import annotations

from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING

from hocket.engine.keys import canonical
from hocket.errors import UsageError
from hocket.journal.recovery import look, whole
from hocket.journal.spending import begins, number

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.storage import Store
    from hocket.journal.records import Record

    Canonical = dict[str, JsonValue]

COMMITTED = ("ok", "cached", "skipped")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one call, in sentences, the newest last."""

    call: int
    label: str
    sentences: tuple[str, ...]


def explain(store: Store, run_id: str, call: int) -> Explanation:
    """Explain a call by its number; raises UsageError when the run has no such call."""
    journal = store.peek(run_id, "journal.jsonl") or b""
    look(journal)
    records = [record for record, _, _ in whole(journal)]
    mine = [record for record in records if record.payload.get("call") == call]
    if not mine:
        raise UsageError(
            f"call {call}",
            found=f"run {run_id} has no such call",
            expected="the number of a call",
            hint=f"All calls: hocket runs show {run_id}",
        )
    label = next((str(r.payload["label"]) for r in mine if r.payload.get("label")), "")
    told = [sentence for record in mine for sentence in _told(record, records)]
    return Explanation(call, label, (*told, *_replays(records, mine)))


def _told(record: Record, records: list[Record]) -> list[str]:
    payload = record.payload
    life = f"life {record.epoch}, record {record.n}"
    if record.kind == "started":
        return [f"{life}: {words}"] if (words := _started(record, records)) else []
    if record.kind == "ended":
        cause = f" ({payload['cause']})" if payload.get("cause") else ""
        return [f"{life}: it ended as {payload.get('state')}{cause}"]
    return []


def _started(record: Record, records: list[Record]) -> str:
    """Say why it ran, or that it was tried once more; a further turn says nothing."""
    if not begins(record.payload):
        return ""
    if number(record.payload, "attempt") > 1:
        return f"it was asked once more, of {record.payload.get('model') or 'the same model'}"
    return f"it ran, because {_why(record, records)}"


def _why(record: Record, records: list[Record]) -> str:
    """Say why a call that was started had no committed result to replay."""
    before = [r for r in records if r.n < record.n and r.kind in ("started", "ended")]
    same = [r for r in before if _identity(r) == _identity(record)]
    ended = [r for r in same if r.kind == "ended"]
    if ended:
        return f"record {ended[-1].n} had ended as {ended[-1].payload.get('state')}"
    if same:
        return f"record {same[-1].n} had started it and no end was written"
    near = [
        r for r in before if r.kind == "started" and r.epoch < record.epoch and _near(r, record)
    ]
    if near:
        return f"nothing with its key was committed; {_difference(near[-1], record)}"
    return "nothing with its key was asked for before"


def _near(one: Record, other: Record) -> bool:
    return all(one.payload.get(n) == other.payload.get(n) for n in ("label", "phase"))


def _identity(record: Record) -> tuple[JsonValue, JsonValue]:
    return record.payload.get("key"), record.payload.get("occ")


def _difference(old: Record, new: Record) -> str:
    """Name the first field in which two canonical calls differ, down to the character."""
    before, after = _canonical(old), _canonical(new)
    for name in sorted({*before, *after}):
        if canonical(before.get(name)) != canonical(after.get(name)):
            was, now = _spelt(before.get(name)), _spelt(after.get(name))
            at = len(commonprefix([was, now]))  # noqa: RUF071 (by characters, as is wanted)
            return (
                f"call {old.payload.get('call')} with the same label and phase differs "
                f"in {name} at character {at}: {was[at : at + _SHOWN]!r} became "
                f"{now[at : at + _SHOWN]!r}"
            )
    return f"call {old.payload.get('call')} was the same call at another occurrence"


def _spelt(value: JsonValue) -> str:
    return value if isinstance(value, str) else canonical(value)


def _canonical(record: Record) -> Canonical:
    fields = record.payload.get("canonical")
    return fields if isinstance(fields, dict) else {}


def _replays(records: list[Record], mine: list[Record]) -> list[str]:
    """Say that later lives replayed it, if they did."""
    last = mine[-1]
    newest = max(record.epoch for record in records)
    if last.kind == "ended" and last.payload.get("state") in COMMITTED and newest > last.epoch:
        return [f"life {newest}: a hit, answered from record {last.n}"]
    return []
