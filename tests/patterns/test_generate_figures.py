"""What the rubric and the finals keep, against what is claimed; in full: tests/bench/patterns."""

from __future__ import annotations

import importlib
from pathlib import Path
from statistics import fmean, stdev

import pytest

pytestmark = pytest.mark.slow
BENCH = Path(__file__).parents[1] / "bench" / "patterns"
TRIALS = 60


@pytest.fixture
def ideas(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module("ideas")


def simulate(ideas, way, seed):
    """Give the mean quality of what was kept, trial by trial, above that of the best three."""
    choose, _ = ideas.WAYS[way]
    panels = [ideas.panel(seed, number) for number in range(TRIALS)]
    kept = [choose(panel)[0] for panel in panels]
    return [
        fmean(panel.quality[index] for index in chosen) - fmean(sorted(panel.quality)[-3:])
        for panel, chosen in zip(panels, kept, strict=True)
    ]


@pytest.mark.parametrize("seed", [7])
@pytest.mark.parametrize("way", ["rubric, 1 judge", "rubric and finals"])
def test_the_mean_quality_of_what_is_kept(ideas, way, seed):
    goal = ideas.WAYS[way][1] - 1.47
    lost = simulate(ideas, way, seed)

    error = stdev(lost) / TRIALS**0.5
    assert abs(fmean(lost) - goal) <= 3 * error, f"seed {seed}"


@pytest.mark.parametrize("seed", [7])
def test_rubric_and_finals_are_better_than_one_look(ideas, seed):
    finals = simulate(ideas, "rubric and finals", seed)
    look = simulate(ideas, "generator ranks itself", seed)

    gains = [one - other for one, other in zip(finals, look, strict=True)]
    assert fmean(gains) > 3 * stdev(gains) / TRIALS**0.5, f"seed {seed}"


def test_every_row_has_its_claim(ideas):
    rows = ideas.rows(trials=0.001, seed=1)

    assert {row.section for row in rows} == {"5"}
    assert sum(row.goal is not None for row in rows) == 7
