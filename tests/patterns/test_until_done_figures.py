"""When searches stop and what they say of the rest; in full: tests/bench/patterns."""

from __future__ import annotations

import importlib
from pathlib import Path
from statistics import fmean, stdev

import pytest

pytestmark = pytest.mark.slow
BENCH = Path(__file__).parents[1] / "bench" / "patterns"
TRIALS = 25
SEED = 3


@pytest.fixture
def finding(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module("finding")


def is_near(values, goal, tolerance):
    """Whether a mean is within three standard errors, or within what a full run must keep."""
    return abs(fmean(values) - goal) <= max(tolerance, 3 * stdev(values) / len(values) ** 0.5)


@pytest.mark.parametrize("model", ["alike", "uneven", "zipf"])
@pytest.mark.parametrize("lenses", [1, 6])
def test_recall_and_finders_of_both_stopping_rules(finding, model, lenses):
    for (row, many, rule), (recall, agents) in finding.TABLE.items():
        if (row, many) == (model, lenses):
            options = {"show_found": True} if rule == finding.TWO_DRY else {}
            done = finding.searches(model, lenses, TRIALS, SEED, **options)
            assert is_near([one.recall for one in done], recall, 0.02), f"seed {SEED}"
            assert is_near([one.result["n"] for one in done], agents, 1.5), f"seed {SEED}"


@pytest.mark.parametrize("model", ["alike", "uneven", "zipf"])
@pytest.mark.parametrize("n", [4, 6, 12])
def test_the_forecast_is_what_the_next_finder_brings(finding, model, n):
    done = finding.searches(model, 1, 4 * TRIALS, SEED, min_agents=n, max_agents=n)

    gaps = [one.result["forecast"] - one.finders.rate(n) for one in done]
    assert is_near(gaps, 0, 0.02), f"seed {SEED}"


def test_inventions_keep_a_search_alive_unless_they_are_checked(finding):
    loose = finding.searches("alike", 1, TRIALS, SEED, {"invents": 0.5})
    drawn = {"invents": 1.0, "passes": 0.02}
    checked = finding.searches("alike", 1, TRIALS, SEED, drawn, verify={})

    assert is_near([one.result["n"] for one in loose], 57.5, 2.5), f"seed {SEED}"
    assert is_near([one.result["n"] for one in checked], 13.7, 1.3), f"seed {SEED}"
    endless = [one for one in loose if one.result["stopped"] == "max"]
    noted = [one for one in endless if "new items keep coming" in str(one.result["notes"])]
    assert len(noted) > len(endless) / 2, f"seed {SEED}"


@pytest.mark.parametrize("model", ["alike", "uneven", "zipf"])
def test_recall_is_no_higher_than_said(finding, model):
    done = finding.searches(model, 1, TRIALS, SEED, min_agents=12, max_agents=12)

    said = [one.result["recall_at_most"] - one.recall for one in done]
    assert fmean(said) >= -3 * stdev(said) / TRIALS**0.5, f"seed {SEED}"


@pytest.mark.parametrize("model", ["alike", "uneven", "zipf"])
def test_stopping_by_value_gains_nearly_what_hindsight_would(finding, model):
    rows = {row.model + row.figure: row.value for row in finding.gains(TRIALS, SEED, (model,))}

    for value in finding.VALUES:
        name = f"{model}, item worth {value:g} finders"
        best, dry = rows[f"{name}best fixed number: gain"], rows[f"{name}two dry rounds: gain"]
        assert rows[f"{name}by value: gain / best"] >= 0.85, f"seed {SEED}"
        assert dry < best, f"seed {SEED}"
