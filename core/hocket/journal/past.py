"""What an opened journal holds: everything a run needs to know about its earlier lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED, EndState, Usage
from hocket.api.scripts import Spent
from hocket.errors import StructureError
from hocket.journal.entries import read_sealed, read_usage
from hocket.journal.index import Index, Position
from hocket.journal.spending import Spending, begins, number, part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import JsonValue

    from hocket.journal.records import Record

    Payload = Mapping[str, JsonValue]

_END_STATES = {state.value: state for state in EndState}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A call that was started and never ended: with effects, it may have run."""

    number: int
    key: str
    occurrence: int
    label: str
    phase: str | None
    effects: bool


class Past:
    """The journal as far as it is read; values stay on disk, found by their position."""

    def __init__(self) -> None:
        self.header: dict[str, JsonValue] = {}
        """The payload of record 0; empty for a new run."""
        self.closed: dict[str, JsonValue] | None = None
        """The last `closed` payload, or None when a life began after it."""
        self.opened: dict[str, JsonValue] = {}
        """The last `opened` payload: the script and args of the latest life."""
        self.used = Usage()
        """What all turns used, money included where a price was known."""
        self.elapsed_ms = 0
        """How long all lives lasted, by the times of their records."""
        self._at_ms = 0
        self.epoch = self.next_record = self.size = self.durable = 0
        self.next_call = 1
        self.answers: dict[str, str] = {}
        """What people answered, by the digest of what they were shown."""
        self.changes: dict[str, JsonValue] = {}
        """What was changed while running, by its name, as it was last set."""
        self.sealed: dict[str, str] = {}
        """Handles that were given to agents with rights, each with the digest of its content."""
        self.notes: list[str] = []
        """What opening had to cut or salvage, in sentences for a person."""
        self.findings: dict[str, JsonValue] = {}
        """The same for the `opened` record of the life that begins: put them into its payload."""
        self._index = Index()
        self._spending = Spending()
        self._unfinished: dict[tuple[str, int], Unfinished] = {}
        self._readers: dict[str, Callable[[dict[str, JsonValue], Position], None]] = {
            "header": self._header,
            "opened": self._opened,
            "started": self._started,
            "usage": self._usage,
            "ended": self._ended,
            "answered": self._answered,
            "changed": self._changed,
            "sealed": self._sealed,
            "closed": self._closed,
            "lost": self._lost,
        }

    @property
    def spent(self) -> Spent:
        """What all lives spent, what is presumed included; never less than was spent."""
        return self._spending.total

    @property
    def largest(self) -> Spent:
        """The largest reservation of the run."""
        return self._spending.largest

    @property
    def tainted(self) -> bool:
        """Whether text of a reader was revealed: privileged calls need a person from then on."""
        return bool(self.changes.get("tainted"))

    @property
    def unfinished(self) -> tuple[Unfinished, ...]:
        """Calls that were started and have no end, in the order of their first start."""
        return tuple(self._unfinished.values())

    @property
    def census(self) -> dict[str, int]:
        """Count the agent calls that ended, by their last state."""
        counts = self._index.census()
        return {state.value: counts[state] for state in EndState if counts[state]}

    @property
    def replayable(self) -> int:
        """How many agent calls need not run again."""
        return self._index.committed()

    def find(self, key: str, occurrence: int, *, skipped: bool = True) -> Position | None:
        """Find a committed result; `skipped=False` lets skipped calls run again."""
        position, state = self._index.get(key, occurrence) or (None, None)
        if state not in COMMITTED or (state is EndState.SKIPPED and not skipped):
            return None
        return position

    def ended(self, key: str, occurrence: int) -> EndState | None:
        """Give the state in which a call ended the last time; None while it has no end."""
        _, state = self._index.get(key, occurrence) or (None, None)
        return state

    def number_of(self, key: str, occurrence: int) -> int | None:
        """Give the number a call had when it was last tried."""
        position, _ = self._index.get(key, occurrence) or (None, None)
        return position.number if position is not None and position.number else None

    def remember(self, key: str, occurrence: int, position: Position, number: int = 0) -> None:
        """Take a result that was committed just now; a number says that it is an agent's."""
        at = position._replace(number=number or position.number)
        self._index.put(key, occurrence, at, EndState.OK, agent=number > 0)

    def forget(self, key: str, occurrence: int) -> None:
        """Let a call count as unfinished: its value is gone."""
        self._index.forget(key, occurrence)

    def read(self, records: Iterable[tuple[Record, int, int]]) -> None:
        """Take records with their offsets and lengths."""
        for record, offset, length in records:
            self.take(record, offset, length)

    def take(self, record: Record, offset: int, length: int) -> None:
        """Take the next record; StructureError when only a newer version may read on."""
        if record.epoch != self.epoch:
            self._spending.end_life()
            self.epoch, self.closed, self._at_ms = record.epoch, None, record.at_ms
        self.elapsed_ms += max(0, record.at_ms - self._at_ms)
        self._at_ms = record.at_ms
        self.next_record, self.size = record.n + 1, offset + length
        self.durable = max(self.durable, record.durable)
        reader = self._readers.get(record.kind)
        if reader is not None:
            reader(record.payload, Position(record.n, offset, length))
        elif record.payload.get("must") is True:
            raise StructureError(
                f"record {record.n} of the journal",
                found=f"its kind {record.kind!r} is of a newer version",
                expected=f"one of {', '.join(self._readers)}",
                hint="Nothing was changed. Resume it with the version that wrote it.",
            )

    def presume(self, records: Iterable[Record]) -> Spent:
        """Take starts and usages that a cut removed; give what they add to what was spent."""
        before = self.spent
        for record in records:
            if record.kind == "usage":
                self._spending.used(record.payload)
            elif record.kind == "started":
                self._started(record.payload, Position(0, 0, 0))
        after = self.spent
        return Spent(after.tokens - before.tokens, after.cost_micros - before.cost_micros)

    def _header(self, payload: dict[str, JsonValue], _at: Position) -> None:
        self.header = payload

    def _opened(self, payload: Payload, _at: Position) -> None:
        self.opened = {**payload}
        self._spending.charge(_charged(part(payload, "cut")))

    def _started(self, payload: Payload, at: Position) -> None:
        key, occurrence, call = _identity(payload)
        self._spending.started(payload)
        self.next_call = max(self.next_call, call + 1)
        if self.find(key, occurrence) is None:
            self._index.put(key, occurrence, at._replace(number=call), None, agent=True)
        if not begins(payload) and (key, occurrence) in self._unfinished:
            return
        phase = payload.get("phase")
        self._unfinished[key, occurrence] = Unfinished(
            call,
            key,
            occurrence,
            str(payload.get("label") or ""),
            phase if isinstance(phase, str) else None,
            payload.get("effects") is True,
        )

    def _usage(self, payload: Payload, _at: Position) -> None:
        self._spending.used(payload)
        self.used += read_usage(payload)

    def _ended(self, payload: Payload, at: Position) -> None:
        key, occurrence, call = _identity(payload)
        self._spending.ended(payload)
        self.next_call = max(self.next_call, call + 1)
        self._unfinished.pop((key, occurrence), None)
        state = _END_STATES.get(str(payload.get("state")))
        agent = payload.get("op") == "agent"
        self._index.put(key, occurrence, at._replace(number=call), state, agent=agent)

    def _answered(self, payload: Payload, _at: Position) -> None:
        self.answers[str(payload.get("digest"))] = str(payload.get("answer"))

    def _changed(self, payload: Payload, _at: Position) -> None:
        self.changes[str(payload.get("what"))] = payload.get("new")

    def _sealed(self, payload: Payload, _at: Position) -> None:
        self.sealed |= read_sealed(payload)

    def _closed(self, payload: dict[str, JsonValue], _at: Position) -> None:
        self.closed = payload

    def _lost(self, payload: Payload, _at: Position) -> None:
        self._spending.charge(_charged(payload))


def _identity(payload: Payload) -> tuple[str, int, int]:
    return str(payload.get("key")), number(payload, "occ"), number(payload, "call")


def _charged(payload: Payload) -> Spent:
    charged = part(payload, "charged")
    return Spent(number(charged, "tokens"), number(charged, "micros"))
