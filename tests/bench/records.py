"""A journal as a reader outside of hocket sees it: lines of JSON, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    Record = Mapping[str, JsonValue]

ENDED = b'"t":"ended"'
"""Never inside a text, since there the quotes are escaped."""


def records(journal: Path) -> Iterator[Record]:
    """Read the records one by one; a torn last line is none."""
    with journal.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield json.loads(line)


class Ends:
    """Counts the calls that ended while the journal grows."""

    def __init__(self, journal: Path) -> None:
        self._file = journal.open("rb")
        self._rest = b""
        self.count = 0

    def look(self) -> int:
        """Read on, and give the count so far."""
        *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        self.count += sum(1 for line in lines if ENDED in line)
        return self.count

    def close(self) -> None:
        """Close the journal."""
        self._file.close()


@dataclass(slots=True)
class Flow:
    """How a run went over time, by the wall clock of its records in milliseconds."""

    opened_ms: int = 0
    first_ms: int = 0
    closed_ms: int = 0
    ended_ms: list[int] = field(default_factory=list[int])
    most_in_flight: int = 0

    @classmethod
    def of(cls, journal: Path) -> Flow:
        """Read it from a journal of one life."""
        flow, in_flight = cls(), 0
        for record in records(journal):
            kind, at_ms = record["t"], record["at"]
            assert isinstance(at_ms, int)
            if kind == "opened":
                flow.opened_ms = at_ms
            elif kind == "started":
                flow.first_ms = flow.first_ms or at_ms
                in_flight += 1
                flow.most_in_flight = max(flow.most_in_flight, in_flight)
            elif kind == "ended":
                in_flight -= 1
                flow.ended_ms.append(at_ms)
            elif kind == "closed":
                flow.closed_ms = at_ms
        return flow

    @property
    def work_s(self) -> float:
        """From the record that opens the run to the one that closes it."""
        return (self.closed_ms - self.opened_ms) / 1000

    def slices_s(self, count: int) -> list[float]:
        """How long each of so many equal slices of the calls took, what was asked included."""
        size = len(self.ended_ms) // count
        marks = [self.opened_ms, *self.ended_ms[size - 1 :: size][:count]]
        return [(end - begin) / 1000 for begin, end in pairwise(marks)]


@dataclass(slots=True)
class Lives:
    """What became of each call in a run that was killed and resumed."""

    committed: set[object] = field(default_factory=set[object])
    """Calls with an answer in the journal when it was killed."""
    begun: set[object] = field(default_factory=set[object])
    again: set[object] = field(default_factory=set[object])
    """Calls that had begun in the first life and were begun once more in the second."""
    repeated: set[object] = field(default_factory=set[object])
    """Calls that were committed and yet ran again; there must be none."""

    @classmethod
    def of(cls, journal: Path) -> Lives:
        """Read them from a journal of two lives."""
        lives = cls()
        for record in records(journal):
            if record["t"] in ("started", "ended"):
                lives._take(record, (record["key"], record["occ"]))
        return lives

    def _take(self, record: Record, call: object) -> None:
        if call in self.committed:
            self.repeated.add(call)
        if record["t"] == "ended":
            if record["state"] == "ok":
                self.committed.add(call)
        elif record["e"] == 1:
            self.begun.add(call)
        elif call in self.begun:
            self.again.add(call)
