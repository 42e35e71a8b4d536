"""Calibration: what nine in ten runs stay under, and what to say while nobody knows."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.estimate import calibration

RATIOS = st.lists(st.floats(0.01, 100), min_size=calibration.ENOUGH, max_size=80)


@pytest.mark.parametrize(("simulated", "expected"), [(1.0, 30.0), (30.0, 30.0), (44.0, 44.0)])
def test_with_few_runs_three_times_the_middle_holds_at_least(simulated, expected):
    for known in range(calibration.ENOUGH):
        assert calibration.p90(10.0, simulated, [1.0] * known) == expected


@pytest.mark.parametrize(
    ("count", "rank"), [(9, 9), (10, 10), (18, 18), (19, 18), (20, 19), (30, 28), (50, 46)]
)
def test_the_rank_is_that_of_split_conformal(count, rank):
    ratios = [float(n) for n in range(1, count + 1)]
    assert calibration.conformal(ratios) == rank
    assert calibration.p90(2.0, 0.0, ratios) == 2.0 * rank


def test_only_the_last_fifty_runs_count():
    newest = [1.0] * calibration.LAST
    assert calibration.p90(5.0, 99.0, [*newest, *[50.0] * 200]) == 5.0


@given(RATIOS, st.randoms())
def test_the_order_of_the_last_runs_does_not_matter(ratios, chance):
    last = ratios[: calibration.LAST]
    mixed = [*last]
    chance.shuffle(mixed)
    assert calibration.p90(3.0, 0.0, mixed) == calibration.p90(3.0, 0.0, last)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.1, 1), (0.5, 5), (0.9, 9), (0.91, 10), (1.0, 10)]
)
def test_a_quantile_is_the_smallest_value_that_enough_do_not_exceed(share, expected):
    assert calibration.quantile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == expected


@pytest.mark.parametrize("known", [9, 20, 50])
@pytest.mark.parametrize("effect", [0.2, 0.5])
def test_nine_in_ten_further_runs_stay_under_it(bench, known, effect):
    trials = 400
    tolerance = 0.02 + 3 * sqrt(0.9 * 0.1 / trials)
    share = bench.histories.coverage(known, effect, trials)
    assert abs(share - calibration.COVERED) <= tolerance, (known, effect, share)


@pytest.mark.parametrize("known", [0, 3, 5])
def test_the_rule_of_three_holds_where_runs_differ_as_usual(bench, known):
    assert bench.histories.coverage(known, 0.5, 400) >= 0.88


def test_the_bench_measures_every_number_of_runs_that_is_asked_for(bench):
    rows = bench.histories.rows(trials=1, pool=50)
    assert [(known, effect) for known, effect, _ in rows] == [
        (known, effect) for known in (3, 5, 9, 20, 50) for effect in (0.2, 0.5)
    ]
    assert bench.histories.TRIALS == 1_500
