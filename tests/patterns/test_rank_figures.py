"""rank: small, seeded runs of the simulations that its figures come from."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
BENCH = Path(__file__).parents[1] / "bench" / "patterns"
SEED = 7


@pytest.fixture
def simulation(monkeypatch):
    """Import a simulation as its command does: its folder comes first on the path."""
    monkeypatch.syspath_prepend(BENCH)
    before = set(sys.modules)
    yield importlib.import_module("ranking")
    for name in set(sys.modules) - before:
        del sys.modules[name]


def missed(rows):
    return [
        f"seed {SEED}: {row.model}, {row.figure}: {row.value:.4f}, not {row.goal} ± {row.tolerance}"
        for row in rows
        if not row.holds
    ]


def test_the_top_few_are_found_as_often_as_claimed(simulation):
    rows = [*simulation.table(simulation.SMALL, 0.02, SEED)]

    assert missed(rows) == []
    assert {row.value for row in rows if row.figure == "calls"} == {96, 52}


def test_one_round_over_a_thousand_is_as_right_as_claimed(simulation):
    rows = [*simulation.table(simulation.TASKS[:1], 0.1, SEED)]

    assert missed(rows) == []
    assert {row.value for row in rows if row.figure == "calls"} == {200}
