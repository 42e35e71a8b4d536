"""What overlap among finders says about what nobody saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.patterns.until_done.outlook import Outlook, rate_at_most


@pytest.mark.parametrize(
    ("n", "sightings", "forecast", "recall"),
    [
        (6, [], 0.0, None),
        (6, [2, 3, 6], 0.0, 1.0),
        (6, [1, 1, 1, 2], 3 / 6 * 15 / 17, 4 / (4 + 5 / 6 * 6 / 4)),
        (5, [1, 1, 1, 2], 3 / 5 * 12 / 14, None),
        (12, [1, 1, 0, 2, 2, 3], 2 / 12 * 22 / 26, 5 / (5 + 11 / 12 * 2 / 6)),
        (1, [1, 1], 2.0, None),
        (0, [], 0.0, None),
    ],
)
def test_the_formulas(n, sightings, forecast, recall):
    outlook = Outlook.of(n, sightings)

    assert outlook.forecast == pytest.approx(forecast)
    assert outlook.recall_at_most == (None if recall is None else pytest.approx(recall))


@given(st.integers(1, 60), st.lists(st.integers(1, 60), max_size=40))
def test_a_forecast_is_never_above_the_plain_one_and_recall_is_a_share(n, sightings):
    outlook = Outlook.of(n, [min(count, n) for count in sightings])

    assert 0 <= outlook.forecast <= outlook.f1 / n
    assert outlook.recall_at_most is None or 0 < outlook.recall_at_most <= 1


@pytest.mark.parametrize(("empty", "rate"), [(1, 0.95), (2, 0.78), (10, 0.26)])
def test_empty_finders_bound_the_rate_of_others(empty, rate):
    assert rate_at_most(empty) == pytest.approx(rate, abs=0.005)
