"""verify: small, seeded runs of the simulations that its figures come from."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "patterns"
SEED = 11


@pytest.fixture
def simulation(monkeypatch):
    """Import a simulation as its command does: its folder comes first on the path."""
    monkeypatch.syspath_prepend(BENCH)
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        del sys.modules[name]


def missed(rows):
    return [
        f"seed {SEED}: {row.model}, {row.figure}: {row.value:.4f}, not {row.goal} ± {row.tolerance}"
        for row in rows
        if not row.holds
    ]


@pytest.mark.slow
def test_errors_and_votes_are_those_of_the_table(simulation):
    assert missed(simulation("votes").table(0.025, SEED)) == []


def test_a_failed_call_never_refutes(simulation):
    rows = [*simulation("votes").failing(0.1, SEED)]

    assert missed(rows) == []
    forged = [row.value for row in rows if row.figure == "refuted by a failed call"]
    assert forged == [0, 0, 0, 0]


@pytest.mark.slow
def test_what_is_stated_is_what_is_observed(simulation):
    rows = [*simulation("votes").stated(0.005, SEED)]

    assert missed(rows) == []
    assert len(rows) > 40


def test_closed_forms(simulation):
    assert missed(simulation("votes").closed_forms()) == []


@pytest.mark.slow
def test_waves_save_a_third_of_the_time(simulation):
    assert missed(simulation("votes").waves(0.2, SEED)) == []


@pytest.mark.slow
def test_confirmed_acts_are_wrong_as_seldom_as_claimed(simulation):
    rows = simulation("classifying").rows(0.05, SEED)

    assert missed(rows) == []
    assert {row.section for row in rows} == {"2"}
