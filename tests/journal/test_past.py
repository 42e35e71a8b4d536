"""What a run knows of its earlier lives, told by feeding it records."""

from __future__ import annotations

from hashlib import sha256

import pytest

from hocket.api.scripts import Spent
from hocket.errors import StructureError
from hocket.journal.index import Position
from hocket.journal.past import Past, Unfinished
from hocket.journal.records import Record

A, B, C = (sha256(name.encode()).hexdigest() for name in "abc")


def fed(*records: tuple[int, str, dict[str, object]]) -> Past:
    """Read records of (epoch, kind, payload), each 100 bytes long."""
    past = Past()
    past.read(
        (Record(n, epoch, kind, 0, 100 * (n // 2), payload), 100 * n, 100)
        for n, (epoch, kind, payload) in enumerate(records)
    )
    return past


def started(call: int, key: str, occ: int = 0, **more: object) -> dict[str, object]:
    reserved = {"output": 1000, "micros": 10}
    return {"call": call, "key": key, "occ": occ, "reserved": reserved, **more}


def ended(call: int, key: str, state: str = "ok", **more: object) -> dict[str, object]:
    usage = {"output": 10, "micros": 1}
    return {
        "call": call, "op": "agent", "key": key, "occ": 0, "state": state, "usage": usage, **more,
    }  # fmt: skip


def test_a_new_run_has_no_past() -> None:
    past = Past()

    assert (past.next_record, past.next_call, past.epoch, past.size, past.durable) == (
        0,
        1,
        0,
        0,
        0,
    )
    assert (past.header, past.closed, past.census, past.unfinished) == ({}, None, {}, ())
    assert (past.spent, past.replayable, past.tainted) == (Spent(), 0, False)
    assert past.find(A, 0) is None
    assert past.number_of(A, 0) is None


def test_committed_results_are_found_where_they_lie() -> None:
    past = fed(
        (1, "header", {"run": "r"}),
        (1, "opened", {"pid": 1}),
        (1, "started", started(1, A)),
        (1, "ended", ended(1, A)),
        (1, "ended", ended(2, B, "error")),
        (1, "ended", ended(3, C, "skipped")),
    )

    assert past.find(A, 0) == Position(record=3, offset=300, length=100, number=1)
    assert past.find(A, 1) is None
    assert past.find(B, 0) is None
    assert past.find(C, 0) == Position(5, 500, 100, 3)
    assert past.find(C, 0, skipped=False) is None
    assert past.find(A, 0, skipped=False) is not None
    assert past.census == {"ok": 1, "skipped": 1, "error": 1}
    assert past.replayable == 2
    assert (past.next_record, past.next_call, past.size, past.durable) == (6, 4, 600, 200)
    assert past.header == {"run": "r"}


def test_the_last_end_of_a_call_counts() -> None:
    past = fed((1, "ended", ended(1, A, "error")), (2, "ended", ended(1, A)))

    assert past.census == {"ok": 1}
    assert past.find(A, 0) == Position(1, 100, 100, 1)


def test_a_result_stays_committed_while_it_is_fetched_afresh() -> None:
    past = fed((1, "ended", ended(1, A)), (2, "started", started(1, A)))

    assert past.find(A, 0) == Position(0, 0, 100, 1)
    assert [call.number for call in past.unfinished] == [1]


def test_an_end_state_of_a_later_version_is_not_committed() -> None:
    past = fed((1, "ended", ended(1, A, "sublimated")))

    assert past.find(A, 0) is None
    assert past.number_of(A, 0) == 1


def test_calls_without_an_end_may_have_run() -> None:
    past = fed(
        (1, "started", started(1, A, label="port", phase="Port", effects=True)),
        (1, "started", started(2, B)),
        (1, "started", started(3, C)),
        (1, "ended", ended(3, C)),
    )

    assert past.unfinished == (
        Unfinished(1, A, 0, "port", "Port", effects=True),
        Unfinished(2, B, 0, "", None, effects=False),
    )
    assert past.number_of(A, 0) == 1
    assert past.spent == Spent(2 * 1000 + 10, 2 * 10 + 1)
    assert past.largest == Spent(1000, 10)


def test_a_further_turn_does_not_hide_what_the_call_may_have_done() -> None:
    begun = started(1, A, label="port", phase="Port", effects=True)

    past = fed((1, "started", begun), (1, "started", started(1, A, attempt=2)))

    assert past.unfinished == (Unfinished(1, A, 0, "port", "Port", effects=True),)


def test_turns_in_flight_at_a_kill_stay_charged_in_later_lives() -> None:
    past = fed(
        (1, "started", started(1, A)),
        (2, "opened", {}),
        (2, "started", started(1, A)),
        (2, "ended", ended(1, A)),
    )

    assert past.spent == Spent(1010, 11)
    assert past.unfinished == ()


def test_what_was_cut_or_lost_stays_charged() -> None:
    charged = {"charged": {"tokens": 500, "micros": 5}}
    past = fed((1, "opened", {"cut": charged}), (1, "lost", charged), (1, "opened", {"cut": 7}))

    assert past.spent == Spent(1000, 10)


def test_answers_and_changes_are_the_last_ones() -> None:
    past = fed(
        (1, "answered", {"digest": "d", "answer": "no"}),
        (1, "answered", {"digest": "d", "answer": "yes"}),
        (1, "changed", {"what": "budget", "old": 1, "new": 2}),
        (1, "changed", {"what": "tainted", "old": False, "new": True}),
    )

    assert past.answers == {"d": "yes"}
    assert past.changes == {"budget": 2, "tainted": True}
    assert past.tainted


def test_a_life_that_left_in_order_says_how_until_the_next_begins() -> None:
    left = [(1, "header", {}), (1, "closed", {"state": "suspended"})]

    assert fed(*left).closed == {"state": "suspended"}
    assert fed(*left, (2, "opened", {})).closed is None


def test_a_kind_nobody_knows_is_skipped() -> None:
    past = fed((1, "header", {}), (1, "dreamt", {"must": False}), (1, "ended", ended(1, A)))

    assert past.next_record == 3
    assert past.find(A, 0) is not None


def test_a_kind_nobody_knows_that_must_be_known_is_refused() -> None:
    with pytest.raises(StructureError, match=r"record 1 .* 'dreamt' is of a newer version"):
        fed((1, "header", {}), (1, "dreamt", {"must": True}))


def test_results_of_this_life_are_remembered_and_forgotten() -> None:
    past = Past()

    past.remember(A, 0, Position(7, 70, 10), 4)
    past.remember(B, 0, Position(8, 80, 10))
    past.forget(C, 0)

    assert past.find(A, 0) == Position(7, 70, 10, 4)
    assert past.find(B, 0) == Position(8, 80, 10)
    assert past.number_of(B, 0) is None
    assert past.replayable == 1
    past.forget(A, 0)
    assert past.find(A, 0) is None
    assert past.number_of(A, 0) == 4


def test_what_a_cut_removed_is_charged_and_listed() -> None:
    past = fed((1, "started", started(1, A)))

    charged = past.presume(
        [
            Record(1, 1, "usage", 0, 0, {"call": 1, "output": 70, "micros": 7}),
            Record(2, 1, "started", 0, 0, started(5, B)),
            Record(3, 1, "ended", 0, 0, ended(5, B)),
        ]
    )

    assert charged == Spent(1070, 17)
    assert past.spent == Spent(2070, 27)
    assert [call.number for call in past.unfinished] == [1, 5]
    assert past.find(B, 0) is None
    assert (past.next_record, past.next_call) == (1, 6)
