"""The census counts every call once and says it in one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.engine.census import Census


def counted(*states: EndState, replayed: int = 0) -> Census:
    census = Census()
    for state in states:
        census.add(state)
    for _ in range(replayed):
        census.add(EndState.OK, replayed=True)
    return census


def test_an_empty_census_says_so():
    census = Census()
    assert (census.as_dict(), census.total, census.sentence()) == ({}, 0, "no calls")


def test_the_closing_line_names_what_was_answered_first_and_then_the_failures():
    failures = [EndState.INVALID] * 3 + [EndState.STALLED] * 4
    census = counted(*[EndState.OK] * 31, *failures, replayed=2)
    assert census.sentence() == "ok 31 · cached 2 · stalled 4 · invalid 3"
    assert list(census.as_dict().items()) == [
        ("ok", 31),
        ("cached", 2),
        ("invalid", 3),
        ("stalled", 4),
    ]
    assert census.total == 40


def test_equally_frequent_failures_have_a_fixed_order():
    assert counted(EndState.STALLED, EndState.ERROR).sentence() == "error 1 · stalled 1"


def test_a_replayed_skip_stays_a_skip_since_no_answer_is_behind_it():
    census = Census()
    census.add(EndState.SKIPPED, replayed=True)
    census.add(EndState.CACHED, replayed=True)
    assert census.as_dict() == {"cached": 1, "skipped": 1}


def test_script_errors_are_said_but_are_no_calls():
    census = counted(EndState.OK)
    census.script_error()
    census.script_error()
    assert census.sentence() == "ok 1 · script errors 2"
    assert (census.total, census.as_dict(), census.script_errors) == (1, {"ok": 1}, 2)


def test_a_script_that_starts_from_the_top_is_counted_anew():
    census = counted(EndState.OK, EndState.ERROR)
    census.script_error()
    census.begin_again()
    assert (census.sentence(), census.total) == ("no calls", 0)


@given(st.lists(st.tuples(st.sampled_from(EndState), st.booleans())))
def test_the_counts_add_up_to_the_calls(calls: list[tuple[EndState, bool]]):
    census = Census()
    for state, replayed in calls:
        census.add(state, replayed=replayed)
    assert sum(census.as_dict().values()) == census.total == len(calls)
    order = [state.value for state in EndState]
    assert list(census.as_dict()) == [state for state in order if state in census.as_dict()]
