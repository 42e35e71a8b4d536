"""The list of runs: their ends alone are read, and no odd one breaks it."""

from __future__ import annotations

import pytest

from hocket.errors import RunHeld, UsageError
from hocket.journal.records import frame
from hocket.launch import shelf
from hocket.launch.shelf import Row

HEADER = {"v": 1, "min_reader": 1, "name": "audit"}


def line(n, kind, payload=None, epoch=1):
    return frame(n, epoch, kind, 1000 + n, 0, payload or {})


class Store:
    """Runs as bytes; some are held, and one is deleted while it is looked at."""

    def __init__(self, *held, gone="", **journals):
        self._held, self._gone, self._journals = held, gone, journals

    def runs(self):
        return [*self._journals]

    def holder(self, run_id):
        if run_id == self._gone:
            raise UsageError("run", found="there is no such run here")
        return "somebody" if run_id in self._held else None

    def peek(self, run_id, name):
        assert name == "journal.jsonl"
        return self._journals[run_id]


HEAD = line(0, "header", HEADER) + line(1, "opened")
DONE = HEAD + line(2, "closed", {"state": "completed"})
STATES = {
    "completed": (DONE, False, "completed"),
    "live": (HEAD, True, "running"),
    "dead": (HEAD, False, "suspended"),
    "resumed": (DONE + line(3, "opened", epoch=2), True, "running"),
    "resumed and dead": (DONE + line(3, "opened", epoch=2), False, "suspended"),
    "torn after its end": (DONE + b'{"crc":"00', False, "completed"),
    "about to be resumed": (DONE, True, "completed"),
    "stopped": (HEAD + line(2, "closed", {"state": "stopped"}), False, "stopped"),
    "end without a state": (HEAD + line(2, "closed"), False, "suspended"),
    "broken at its end": (HEAD + b"garbage\n", False, "suspended"),
}


@pytest.mark.parametrize("case", STATES)
def test_a_run_is_listed_by_its_first_and_its_last_line(case):
    journal, held, status = STATES[case]
    store = Store(*(["r"] if held else []), r=journal)
    assert shelf.rows(store) == [Row("r", "audit", status, 1000)]


@pytest.mark.parametrize(
    ("journal", "status"),
    [(b"", "suspended"), (None, "suspended"), (b'{"crc":"', "suspended"), (b"hello\n", "damaged")],
)
def test_what_has_no_header_is_listed_like_any_other(journal, status):
    assert shelf.rows(Store(r=journal)) == [Row("r", "", status, 0)]


def test_a_run_that_is_deleted_meanwhile_is_left_out():
    assert [row.run_id for row in shelf.rows(Store(a=DONE, b=DONE, gone="a"))] == ["b"]


def test_a_run_must_be_there_else_the_nearest_are_named():
    store = Store(**{"4f2a": DONE, "4f2b": DONE, "9999": DONE})
    shelf.require(store, "4f2a")
    for wanted, named in (("4f2c", "4f2b, 4f2a"), ("zzzz", "4f2a, 4f2b, 9999")):
        with pytest.raises(UsageError) as caught:
            shelf.require(store, wanted)
        assert caught.value.expected == f"one of {named}"
    with pytest.raises(UsageError) as caught:
        shelf.require(Store(), "4f2a")
    assert caught.value.expected == "a run"
    assert not isinstance(caught.value, RunHeld)
