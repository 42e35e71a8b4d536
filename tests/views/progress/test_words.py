"""Numbers for people."""

from __future__ import annotations

import pytest

from hocket_plugins.views.progress.board import Tally
from hocket_plugins.views.progress.words import duration, money, times


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (372, "6 min 12 s"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_time_has_two_units_at_most(seconds: float, said: str):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("micros", "said"),
    [(None, "price unknown"), (0, "$0.00"), (1_840_000, "$1.84"), (4_200, "$0.0042"),
     (1_234_560_000, "$1,234.56")],
)  # fmt: skip
def test_money_is_in_cents_and_below_a_cent_finer(micros: int | None, said: str):
    assert money(micros) == said


def test_a_forecast_needs_three_calls_that_were_really_made():
    two = Tally("p", since=0.0, asked=10, ended=2)
    assert times(two, 20) == ["20 s"]
    replayed = Tally("p", since=0.0, asked=10, ended=5, cached=3)
    assert times(replayed, 20) == ["20 s"]
    five = Tally("p", since=0.0, asked=10, ended=5)
    assert times(five, 20) == ["20 s", "about 20 s left"]
    assert times(five, 0.9) == ["0 s"]


def test_a_finished_phase_stands_still():
    assert times(Tally("p", since=5.0, asked=1, ended=1, changed=9.0), 500) == ["4 s"]
