"""Draws are the same wherever they are made, and look like what they are called."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean, pstdev

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.patterns.draws import Draws


def test_a_seed_gives_the_same_numbers_for_ever():
    draws = Draws(0)

    assert [draws.bits() for _ in range(3)] == [
        16294208416658607535,
        7960286522194355700,
        487617019471545679,
    ]
    assert Draws(1).bits() != Draws(2).bits()


@given(st.integers(), st.integers(1, 1000))
def test_every_draw_is_within_its_bounds(seed, count):
    draws = Draws(seed)

    assert 0.0 <= draws.unit() < 1.0
    assert 0 <= draws.below(count) < count


@given(st.integers(), st.lists(st.text()))
def test_an_order_holds_every_option_once(seed, options):
    shuffled = Draws(seed).shuffled(options)

    assert sorted(shuffled) == sorted(options)
    assert shuffled == Draws(seed).shuffled(options)


def test_options_that_cannot_be_compared_are_shuffled_too():
    assert sorted(Draws(5).shuffled([None, {}, "a"]), key=repr) == ["a", None, {}]


def test_every_order_is_as_likely_as_any_other():
    draws = Draws(3)
    firsts = [draws.shuffled("abc")[0] for _ in range(3000)]

    assert all(abs(firsts.count(letter) - 1000) < 3 * 26 for letter in "abc"), "seed 3"


def test_normal_draws_have_mean_0_sd_1_and_no_memory():
    draws = Draws(11)
    drawn = [draws.normal() for _ in range(10_000)]

    assert abs(fmean(drawn)) < 0.03, "seed 11"
    assert abs(pstdev(drawn) - 1.0) < 0.03, "seed 11"
    assert abs(fmean(a * b for a, b in pairwise(drawn))) < 0.03, "seed 11"
    assert abs(sum(abs(one) < 1.96 for one in drawn) / 10_000 - 0.95) < 0.01, "seed 11"
