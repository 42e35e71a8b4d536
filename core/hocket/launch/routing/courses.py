"""The course of each call of a run: every model that was asked for it, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.calls import COMMITTED, Usage
from hocket.journal.entries import read_usage
from hocket.journal.recovery import look, whole
from hocket.journal.spending import number, part
from hocket.launch.records import unspilled
from hocket.launch.shelf import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.api.storage import Store
    from hocket.journal.records import Record

    Load = Callable[[str], bytes | None]

ASIDE = frozenset({"verify", "route"})
"""Roles of what a router asks about a call: such a try does not answer it."""
_FINE = {state.value for state in COMMITTED}


@dataclass(slots=True)
class Try:
    """One time that a backend was started for a call."""

    model: str | None
    """None: the backend chose."""
    aside: bool
    first: bool
    began_ms: int
    ended_ms: int
    usage: Usage = field(default_factory=Usage)

    @property
    def wall_ms(self) -> int:
        """How long it took; of a try that was cut off, as far as it is known."""
        return self.ended_ms - self.began_ms


@dataclass(slots=True)
class Course:
    """All tries at one call, those of earlier lives included."""

    label: str
    prompt: str
    tries: list[Try] = field(default_factory=list[Try])
    fine: bool = False
    """Whether it ended with an answer."""

    @property
    def last(self) -> list[Try]:
        """The tries since the call began for the last time."""
        begins = [at for at, one in enumerate(self.tries) if one.first]
        return self.tries[begins[-1] if begins else 0 :]

    @property
    def answers(self) -> list[Try]:
        """Those of them that were to answer it; the last of these did."""
        return [one for one in self.last if not one.aside]

    @property
    def usage(self) -> Usage:
        """What all tries used."""
        return sum((one.usage for one in self.tries), Usage())


def courses(store: Store, run_id: str) -> list[Course]:
    """Read the calls that ran; raises like `recovery.look` for a journal that cannot be read."""
    journal = store.peek(run_id, JOURNAL) or b""
    look(journal)

    def load(digest: str) -> bytes | None:
        return store.peek(run_id, f"artifacts/{digest}")

    found: dict[int, Course] = {}
    for record, _, _ in whole(journal):
        call = number(record.payload, "call")
        if record.kind == "started" and "backend" in record.payload:
            found.setdefault(call, _begun(record, load)).tries.append(_try(record))
        elif call in found:
            _go_on(found[call], record)
    return [course for _, course in sorted(found.items()) if course.answers]


def _begun(record: Record, load: Load) -> Course:
    payload = unspilled(record.payload, load)
    return Course(str(payload.get("label") or ""), str(part(payload, "canonical").get("prompt")))


def _try(record: Record) -> Try:
    payload = record.payload
    model: JsonValue = payload.get("model")
    return Try(
        model if isinstance(model, str) else None,
        aside=payload.get("role") in ASIDE,
        first=number(payload, "attempt") <= 1,
        began_ms=record.at_ms,
        ended_ms=record.at_ms,
    )


def _go_on(course: Course, record: Record) -> None:
    latest = course.tries[-1]
    latest.ended_ms = record.at_ms
    if record.kind == "usage":
        latest.usage += read_usage(record.payload)
    elif record.kind == "ended":
        course.fine = record.payload.get("state") in _FINE
