"""The calls of a run as a person sees them, from the bytes of its journal."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.errors import JournalDamaged
from hocket.journal.history import CallLine, calls
from hocket.journal.records import frame

USAGE = {
    "input": 7,
    "cache_read": 1,
    "cache_write": 2,
    "output": 3,
    "micros": 4,
    "estimated": False,
}


def journal(*records: tuple[str, dict[str, object]]) -> bytes:
    header = ("header", {"min_reader": 1})
    return b"".join(
        frame(n, 1, kind, 0, 0, payload) for n, (kind, payload) in enumerate([header, *records])
    )


def test_every_call_has_a_line_with_all_that_is_known() -> None:
    done = {"call": 1, "state": "ok", "usage": USAGE, "tries": 2, "label": "one", "phase": "Find"}
    failed = {"call": 2, "state": "error", "cause": "403", "usage": USAGE, "label": "two"}

    lines = calls(
        journal(
            ("started", {"call": 1, "label": "one", "phase": "Find", "model": "small"}),
            ("ended", {"op": "ask", "state": "ok"}),
            ("usage", {"call": 1, **USAGE}),
            ("ended", done),
            ("ended", failed),
            ("started", {"call": 3, "label": "three", "model": "small"}),
            ("usage", {"call": 3, **USAGE}),
            ("usage", {"call": 3, **USAGE}),
        )
    )

    used = Usage(7, 1, 2, 3, 4)
    assert lines == [
        CallLine(1, "one", "Find", "small", "ok", None, used, 2, 4),
        CallLine(2, "two", None, None, "error", "403", used, 0, 5),
        CallLine(3, "three", None, "small", None, None, used + used, 0, 8),
    ]


def test_a_further_turn_leaves_the_model_of_the_call() -> None:
    begun = {"call": 1, "label": "one", "phase": "Find", "model": "small"}

    (line,) = calls(journal(("started", begun), ("started", {"call": 1, "attempt": 2})))

    assert (line.label, line.phase, line.model) == ("one", "Find", "small")


def test_a_call_that_runs_again_has_no_end_yet() -> None:
    ended = {"call": 1, "state": "error", "cause": "500", "usage": USAGE, "label": "one"}

    (line,) = calls(journal(("ended", ended), ("started", {"call": 1, "label": "one"})))

    assert (line.state, line.cause) == (None, None)


def test_a_growing_journal_is_told_as_far_as_it_goes() -> None:
    assert calls(b"") == []
    assert len(calls(journal(("started", {"call": 1}))[:-2] + b"x")) == 0
    with pytest.raises(JournalDamaged):
        calls(b"hello\n")
