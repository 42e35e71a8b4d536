"""Chance: the same for ever, evenly spread, and another one for every draw and call."""

from __future__ import annotations

from statistics import fmean, median, pstdev

import pytest

from hocket.estimate.chance import Chance


def test_a_name_has_one_stream_for_ever():
    chance = Chance(1, "key:0")
    assert [round(chance.unit(), 6) for _ in range(3)] == [round(x, 6) for x in first(1, "key:0")]
    assert first(1, "key:0") != first(2, "key:0")
    assert first(1, "key:0") != first(1, "key:1")
    assert first(1, "a\udcffb") == first(1, "a\udcffb")


def first(*name):
    chance = Chance(*name)
    return [chance.unit() for _ in range(3)]


def test_units_are_evenly_spread_and_never_one():
    chance = Chance(7)
    drawn = [chance.unit() for _ in range(4_000)]
    assert 0 <= min(drawn) < 0.01
    assert 0.99 < max(drawn) < 1
    assert fmean(drawn) == pytest.approx(0.5, abs=0.02)
    assert pstdev(drawn) == pytest.approx(12**-0.5, abs=0.01)


def test_choices_reach_every_option():
    chance = Chance(3)
    assert {chance.choice("abc") for _ in range(60)} == {"a", "b", "c"}


def test_one_factor_has_its_middle_at_one_and_the_other_its_mean():
    chance = Chance(5)
    assert median([chance.lognormal(0.8) for _ in range(4_000)]) == pytest.approx(1, abs=0.06)
    assert fmean([chance.spread(0.8) for _ in range(4_000)]) == pytest.approx(1, abs=0.06)
    assert chance.lognormal(0.0) == 1.0


def test_something_else_of_the_same_draw_has_its_own():
    assert Chance(4, "x").of("claim").unit() == Chance(4, "y").of("claim").unit()
    assert Chance(4, "x").of("claim").unit() != Chance(5, "x").of("claim").unit()
