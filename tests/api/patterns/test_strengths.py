"""Strengths come from who was preferred; they say how sure they are, and who may be the best."""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.patterns.draws import Draws
from hocket.api.patterns.strengths import fit

GAMES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 5)), max_size=30)


def counted(games):
    won = {}
    for one, other, times in games:
        if one != other:
            won[one, other] = won.get((one, other), 0) + times
    return won


def likelihood(theta, won):
    """Say what the fit makes as large as it can, as it is defined."""
    seen = sum(times * -log(1 + exp(theta[j] - theta[i])) for (i, j), times in won.items())
    return seen - sum(value * value for value in theta) / 8


def ladder(count, games, seed):
    """Play between neighbours, in which the lower number is the better one."""
    draws, won = Draws(seed), {}
    for _ in range(games):
        one = draws.below(count)
        other = (one + 1 + draws.below(8)) % count
        better, worse = min(one, other), max(one, other)
        pair = (better, worse) if draws.unit() < 0.8 else (worse, better)
        won[pair] = won.get(pair, 0) + 1
    return won


def test_without_a_game_all_are_alike():
    fitted = fit(3, {})

    assert fitted.theta == [0.0, 0.0, 0.0]
    assert fitted.deviations() == [2.0, 2.0, 2.0]
    assert fitted.order == [0, 1, 2]
    assert fitted.chances() == pytest.approx([1 / 3] * 3, abs=0.05)


def test_nobody_and_one():
    assert (fit(0, {}).chances(), fit(0, {}).deviations()) == ([], [])
    assert fit(1, {}).chances() == [pytest.approx(1.0)]


def test_who_wins_more_is_stronger_and_surer_of_it_by_more_games():
    few, many = (fit(2, {(1, 0): 3 * k, (0, 1): k}) for k in (1, 10))

    assert few.order == many.order == [1, 0]
    assert 0.5 < few.chances()[1] < many.chances()[1]
    assert many.deviations()[0] < few.deviations()[0]


def test_who_never_lost_stays_finite():
    fitted = fit(2, {(0, 1): 1000})

    assert 5 < fitted.theta[0] - fitted.theta[1] < 20
    assert fitted.chances()[0] > 0.99


@settings(deadline=None)
@given(GAMES)
def test_no_step_aside_makes_the_games_likelier(games):
    won = counted(games)
    theta = fit(8, won).theta
    best = likelihood(theta, won)

    for item in range(8):
        for step in (0.01, -0.01):
            aside = [value + step * (place == item) for place, value in enumerate(theta)]
            assert likelihood(aside, won) <= best


@settings(deadline=None)
@given(GAMES, st.permutations(range(8)))
def test_names_of_items_do_not_matter(games, names):
    won = counted(games)
    renamed = {(names[i], names[j]): times for (i, j), times in won.items()}

    assert [fit(8, renamed).theta[name] for name in names] == pytest.approx(
        fit(8, won).theta, abs=1e-6
    )


@settings(deadline=None)
@given(GAMES)
def test_a_start_changes_the_way_but_not_the_end(games):
    won = counted(games)

    assert fit(8, won, [1.0, -2.0] * 4).theta == pytest.approx(fit(8, won).theta, abs=1e-6)


@pytest.mark.parametrize("count", [30, 60, 250])
def test_large_fields_are_fitted_as_exactly_as_small_ones(count):
    won = ladder(count, 6 * count, seed=count)
    theta = fit(count, won).theta

    for item in range(0, count, 7):
        gained = sum(
            times * (i == item) - times / (1 + exp(theta[j if i == item else i] - theta[item]))
            for (i, j), times in won.items()
            if item in (i, j)
        )
        assert gained == pytest.approx(theta[item] / 4, abs=1e-5)


def test_beyond_200_items_an_sd_takes_the_opponents_for_known():
    won = ladder(150, 900, seed=1)
    shifted = {(i + 60, j + 60): times for (i, j), times in won.items()}
    exact, near = fit(150, won).deviations(), fit(210, shifted).deviations()

    assert near[:60] == [2.0] * 60
    assert all(0.6 * true < less < true for true, less in zip(exact, near[60:], strict=True))


def test_the_chance_of_two_is_that_of_the_normal_distribution():
    fitted = fit(2, {(0, 1): 7, (1, 0): 4})
    bend = 11 / ((1 + exp(d := fitted.theta[1] - fitted.theta[0])) * (1 + exp(-d)))
    spread = sqrt(2 / (0.25 + 2 * bend))

    assert fitted.chances()[0] == pytest.approx(NormalDist().cdf(-d / spread), abs=0.03)


def test_chances_are_seeded_and_add_up_to_one():
    fitted = fit(12, ladder(12, 40, seed=2))

    assert fitted.chances() == fitted.chances()
    assert fitted.chances(seed=1) == pytest.approx(fitted.chances(), abs=0.08)
    assert sum(fitted.chances()) == pytest.approx(1.0)


def test_only_the_strongest_32_may_be_the_best():
    fitted = fit(300, ladder(300, 1500, seed=4))
    chances = fitted.chances()

    assert sum(chances) == pytest.approx(1.0)
    assert sum(chance > 0 for chance in chances) <= 32
    assert all(chances[item] == 0 for item in fitted.order[32:])
