"""The account of a run from its journal alone, also one that an older hocket wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from hocket.engine.services import Policies
from hocket.errors import JournalDamaged
from hocket.journal.records import frame
from hocket.launch.describe import DIED, describe
from hocket.launch.prepare import Demand, prepare
from hocket.launch.start import Company, live, new_run
from hocket.testing import Fail, JumpingClock, ScriptedBackend, run

OLD = Path(__file__).parents[1] / "data" / "journals" / "v1"
CALL = {"key": "k1", "occ": 0, "call": 1, "label": "one"}


class Store:
    """One run as bytes."""

    def __init__(self, journal, *, held=False, **artifacts):
        self._files = {"journal.jsonl": journal, **artifacts}
        self._held = held

    def holder(self, run_id):
        return "somebody" if self._held else None

    def peek(self, run_id, name):
        return self._files.get(name)

    def path(self, run_id):
        return "/nowhere/at/all"


def journal(*records):
    lives, lines = 0, []
    for n, (kind, payload) in enumerate(records):
        lives += kind == "opened"
        lines.append(frame(n, max(1, lives), kind, 1000 + 500 * n, 0, payload))
    return b"".join(lines)


HEADER = ("header", {"v": 1, "min_reader": 1, "name": "audit"})
OPENED = ("opened", {})
USED = {"call": 1, "input": 3, "output": 5, "micros": 7}


def ended(state, call=1, **more):
    usage = {"output": 5}
    named = {"key": f"k{call}", "occ": 0, "call": call, "label": f"call {call}"}
    return ("ended", {**named, "op": "agent", "state": state, "usage": usage, **more})


def test_a_dead_run_is_suspended_and_lists_what_was_cut_off():
    told = describe(
        Store(journal(HEADER, OPENED, ("started", CALL), ("usage", USED), ended("error", 2))), "r"
    )
    assert (told["status"], told["cause"], told["name"]) == ("suspended", DIED, "audit")
    assert (told["census"], told["elapsed_s"]) == ({"error": 1}, 2.0)
    assert told["failures"] == [
        {
            "call": 1,
            "label": "one",
            "state": "unfinished",
            "cause": "started, and no end was written",
        },
        {"call": 2, "label": "call 2", "state": "error", "cause": None},
    ]
    assert (told["usage"]["output"], told["notes"]) == (5, [])


def test_a_live_run_that_does_not_answer_is_running_and_nothing_in_flight_failed():
    told = describe(Store(journal(HEADER, OPENED, ("started", CALL)), held=True), "r")
    assert (told["status"], told["cause"], told["failures"]) == ("running", None, [])


def test_answers_of_an_earlier_life_are_cached_and_skips_stay_skips():
    records = [HEADER, OPENED, ended("ok"), ended("skipped", 2), ended("error", 3), OPENED]
    told = describe(Store(journal(*records, ended("ok", 3))), "r")
    assert told["census"] == {"cached": 1, "skipped": 1, "ok": 1}
    assert told["failures"] == []


def test_a_torn_tail_is_noted_but_not_while_somebody_writes_it():
    torn = journal(HEADER, OPENED) + b'{"crc'
    (note,) = describe(Store(torn), "r")["notes"]
    assert note.endswith(f"of {len(torn):,}; a resume says what is cut")
    assert describe(Store(torn, held=True), "r")["notes"] == []


def test_a_run_that_was_only_begun_is_suspended():
    for nothing in (b"", None, b'{"crc'):
        told = describe(Store(nothing), "r")
        assert (told["status"], told["name"], told["census"]) == ("suspended", "", {})


def test_what_is_no_journal_is_said():
    with pytest.raises(JournalDamaged):
        describe(Store(b"hello\n"), "r")


def test_a_journal_of_the_first_version_is_told_from_its_calls():
    told = describe(Store((OLD / "journal.jsonl").read_bytes()), "4f2a")
    assert (told["status"], told["cause"], told["name"]) == ("suspended", "quota", "auth-audit")
    assert told["census"] == {"ok": 4, "skipped": 1, "error": 1}
    assert [failure["state"] for failure in told["failures"]] == ["unfinished", "error"]


def test_a_result_beside_the_journal_is_read_if_it_is_what_its_digest_says():
    content = json.dumps(["x"] * 10).encode()
    digest = hashlib.sha256(content).hexdigest()
    closed = ("closed", {"state": "completed", "artifact": digest, "size": len(content)})
    for kept, result in ((content, ["x"] * 10), (b"[]", None), (None, None)):
        store = Store(journal(HEADER, OPENED, closed), **{f"artifacts/{digest}": kept})
        assert describe(store, "r")["result"] == result


def test_fields_too_long_for_a_line_are_put_back(place):
    place.save("return [await attempt('q' * 200 + str(i)) for i in range(600)][0]['state']")
    backend = ScriptedBackend({"": Fail()})
    prepared = prepare(place.open(backend), Demand("wf.py"))
    made = new_run(prepared)
    company = Company(clock=JumpingClock(), policies=Policies())
    told = run(live(made, prepared, company))
    assert len(told["failures"]) == 600
    store = prepared.project.store()
    assert b'"spilled"' in store.peek(made.run_id, "journal.jsonl").splitlines()[-1]
    assert describe(store, made.run_id) == told
