"""Agents that go in circles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.backends.agent_loop import nudges
from hocket_plugins.backends.agent_loop.ends import End
from hocket_plugins.backends.agent_loop.repeats import Repeats


def test_equal_inputs_are_equal_whatever_their_order():
    repeats = Repeats()
    assert repeats.good("T", {"a": 1, "b": 2}) == ""
    assert repeats.good("T", {"b": 2, "a": 1}) == ""
    assert repeats.good("T", {"a": 1, "b": 2}) == nudges.repeated(3)


def test_another_tool_or_input_breaks_the_row():
    repeats = Repeats()
    uses = [("T", {}), ("T", {}), ("U", {}), ("T", {}), ("T", {"x": 1}), ("T", {})]
    assert [repeats.good(*use) for use in uses] == [""] * 6


def test_the_sixth_is_one_too_many():
    repeats = Repeats()
    for _ in range(5):
        repeats.good("T", {})
    with pytest.raises(End) as caught:
        repeats.good("T", {})
    assert caught.value.outcome.cause == "loop"


@given(st.lists(st.booleans(), max_size=20))
def test_five_bad_ones_in_a_row_are_too_many_and_no_other_five(goods):
    def play():
        repeats = Repeats()
        for number, good in enumerate(goods):
            repeats.good("T", {"n": number}) if good else repeats.bad()

    row = "".join("g" if good else "b" for good in goods)
    if "bbbbb" in row:
        with pytest.raises(End) as caught:
            play()
        assert caught.value.outcome.cause == "bad_calls"
    else:
        play()
