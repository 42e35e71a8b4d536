"""One earlier run as its journal tells it: what each call was, took and answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED
from hocket.estimate.kinds import Kinds
from hocket.estimate.samples import Sample
from hocket.journal.entries import read_usage
from hocket.journal.records import parse
from hocket.journal.recovery import whole
from hocket.journal.spending import number, part
from hocket.launch import records
from hocket.launch.shelf import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from hocket.api.storage import Store
    from hocket.estimate.kinds import Kind
    from hocket.journal.records import Record

    Payload = Mapping[str, JsonValue]

MADE_UP = frozenset({"offline", "simulate", "replay"})
"""Backends of which nobody can tell what a model will do."""
_NOT_ASKED = frozenset({"over_cap", "over_budget", "cancelled"})
_FINE = frozenset(state.value for state in COMMITTED)


@dataclass(frozen=True, slots=True)
class Told:
    """One call of an earlier run."""

    kind: Kind
    sample: Sample
    failed: bool
    value: JsonValue


class PastRun:
    """The journal of a run that is over, or as far as it is whole."""

    def __init__(self, store: Store, run_id: str) -> None:
        self._store, self._run_id = store, run_id
        self._journal = store.peek(run_id, JOURNAL) or b""
        first = parse(self._journal[: self._journal.find(b"\n") + 1])
        begun = first is not None and first.kind == "header"
        self.header: Payload = self._whole(first) if first is not None and begun else {}

    @property
    def name(self) -> str:
        """The workflow it was of."""
        return str(self.header.get("name", ""))

    @property
    def backend(self) -> str:
        """Who answered."""
        return str(part(self.header, "choices").get("backend", ""))

    def actual(self) -> dict[str, float]:
        """Give what the run came to, as far as its end counts: agents always, money if it ended."""
        end = self._end()
        if not end or end.get("state") == "suspended":
            return {}
        census = part(end, "census")
        calls = sum(number(census, state) for state in census if state not in _NOT_ASKED)
        if end.get("state") != "completed":
            return {"calls": calls}
        usage, usd, seconds = part(end, "usage"), end.get("cost_usd"), end.get("elapsed_s")
        taken = number(usage, "input") + number(usage, "cache_read") + number(usage, "cache_write")
        found: Payload = {
            "calls": calls,
            "input": taken,
            "output": number(usage, "output"),
            "usd": usd,
            "seconds": seconds,
        }
        return {name: value for name, value in found.items() if isinstance(value, int | float)}

    def calls(self) -> Iterator[Told]:
        """Give the calls that ended, in the order of their ends."""
        kinds = Kinds(self.header.get("args"))
        begun: dict[int, tuple[int, Kind]] = {}
        turns: dict[int, int] = {}
        for record, _, _ in whole(self._journal):
            call = number(record.payload, "call")
            if record.kind == "started" and "label" in record.payload:
                begun[call] = record.at_ms, kinds.told(self._whole(record))
            elif record.kind == "usage":
                turns[call] = turns.get(call, 0) + 1
            elif record.kind == "ended" and call in begun:
                yield self._told(record, *begun.pop(call), turns.get(call, 1))

    def _told(self, record: Record, at_ms: int, kind: Kind, turns: int) -> Told:
        payload = record.payload
        failed = payload.get("state") not in _FINE
        usage = read_usage(part(payload, "usage"))
        sample = Sample(usage, turns, max(0, record.at_ms - at_ms) / 1000)
        return Told(kind, sample, failed, None if failed else records.value(payload, self._load))

    def _whole(self, record: Record) -> Payload:
        return records.unspilled(record.payload, self._load)

    def _end(self) -> Payload:
        last = self._journal.rfind(b"\n", 0, max(0, len(self._journal) - 1)) + 1
        record = parse(self._journal[last:])
        if record is None or record.kind != "closed":
            return {}
        return records.unspilled(record.payload, self._load)

    def _load(self, digest: str) -> bytes | None:
        return self._store.peek(self._run_id, f"artifacts/{digest}")
