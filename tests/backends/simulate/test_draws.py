"""Draws: even, and bound to seed, key and occurrence."""

from __future__ import annotations

from collections import Counter
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.backends.simulate.draws import Draws
from hocket_plugins.backends.simulate.words import phrase, word


def test_the_same_name_gives_the_same_stream_and_any_other_another():
    names = [(seed, key, number) for seed in (0, 1) for key in ("a", "b") for number in (0, 1)]
    streams = {name: tuple(Draws(*name).bits() for _ in range(1)) for name in names}
    assert len(set(streams.values())) == 8
    assert Draws(1, "a", 0).bits() == Draws(1, "a", 0).bits()


def test_the_first_draw_of_many_calls_is_even():
    units = [Draws(7, f"{n:x}", 0).unit() for n in range(4000)]
    assert fmean(units) == pytest.approx(0.5, abs=0.03)
    tenths = Counter(int(unit * 10) for unit in units)
    assert sorted(tenths) == [*range(10)]
    assert all(300 < count < 500 for count in tenths.values())


@given(st.integers(), st.text(), st.integers(0, 9), st.integers(-50, 50), st.integers(0, 50))
def test_ends_are_kept(seed: int, key: str, occurrence: int, low: int, width: int):
    draws = Draws(seed, key, occurrence)
    assert low <= draws.between(low, low + width) <= low + width
    assert 0 <= draws.below(width + 1) <= width
    assert 0 <= draws.unit() < 1
    assert draws.geometric(5) >= 0
    assert draws.geometric(0) == 0
    assert draws.waiting(3) >= 0


def test_means_are_what_they_say():
    draws = Draws(1, "", 0)
    assert fmean(draws.geometric(5) for _ in range(4000)) == pytest.approx(5, rel=0.1)
    assert fmean(draws.waiting(3) for _ in range(4000)) == pytest.approx(3, rel=0.1)


def test_an_order_holds_everything_once():
    orders = {tuple(Draws(1, "k", number).shuffled("abc")) for number in range(60)}
    assert len(orders) == 6
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)


def test_words_are_words():
    draws = Draws(1, "", 0)
    assert word(draws).isalpha()
    assert len(phrase(draws).split()) == 3
