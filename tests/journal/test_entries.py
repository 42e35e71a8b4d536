"""What is written about a call is what is read back; older records lack fields."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Bound, Call, EndState, Outcome, Usage
from hocket.api.scripts import Spent
from hocket.journal import entries

COUNTS = st.integers(0, 10**9)
USAGES = st.builds(
    Usage,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.none() | COUNTS,
    st.booleans(),
    COUNTS,
    COUNTS,
    COUNTS,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
OUTCOMES = st.builds(
    Outcome,
    st.sampled_from(EndState),
    JSON,
    st.none() | st.text(),
    JSON,
    USAGES,
    st.integers(1, 9),
    st.lists(st.text()).map(tuple),
    st.none() | st.dictionaries(st.text(max_size=3), JSON, min_size=1),
)
CALL = Call(7, "ab" * 32, 3, "prompt", "label", "phase")


def on_disk(payload):
    return json.loads(json.dumps(payload))


@given(USAGES)
def test_a_usage_reads_back_as_itself(usage):
    assert entries.read_usage(on_disk(entries.usage_of(usage))) == usage


@given(OUTCOMES, st.builds(Spent, COUNTS, COUNTS))
def test_an_end_reads_back_as_itself(outcome, spent):
    record = on_disk(entries.ended(CALL, outcome, {"value": outcome.value}, spent))

    assert entries.read_outcome(record, record["value"]) == outcome
    assert entries.read_spent(record) == spent
    assert (record["call"], record["key"], record["occ"]) == (7, "ab" * 32, 3)


def test_what_is_not_there_takes_no_room():
    record = entries.ended(CALL, Outcome(EndState.OK, "x"), {"value": "x"}, Spent())

    assert record.keys().isdisjoint({"cause", "partial", "notes", "changes"})


def test_a_record_of_an_older_version_reads_with_defaults():
    record = {"state": "ok", "usage": {"output": 5}}

    assert entries.read_outcome(record, "x") == Outcome(EndState.OK, "x", usage=Usage(output=5))
    assert entries.read_outcome({"state": "error"}, None) == Outcome(EndState.ERROR)
    assert entries.read_usage({"output": "many", "micros": None}) == Usage(cost_micros=None)


@pytest.mark.parametrize("spent", [None, 5, {}, {"tokens": "x", "micros": None}])
def test_totals_that_are_not_there_are_zero(spent):
    assert entries.read_spent({"spent": spent}) == Spent()
    assert entries.read_spent({}) == Spent()


def test_a_start_says_what_leaves_and_what_is_reserved():
    canonical = {"prompt": "prompt", "v": 1}
    record = entries.started(CALL, "scripted", Bound(70, None), canonical, effects=True)
    turn = entries.turn(CALL, 2, Bound(5, 6))

    assert record["reserved"] == {"output": 70, "micros": None}
    assert (record["backend"], record["effects"], record["attempt"]) == ("scripted", True, 1)
    assert (record["label"], record["phase"], record["canonical"]) == ("label", "phase", canonical)
    assert turn == {
        "call": 7,
        "key": "ab" * 32,
        "occ": 3,
        "attempt": 2,
        "reserved": {"output": 5, "micros": 6},
    }
