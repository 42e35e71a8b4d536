"""tournament: small, seeded runs of the simulations that its figures come from."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
BENCH = Path(__file__).parents[1] / "bench" / "patterns"
SEED = 6


@pytest.fixture
def simulation(monkeypatch):
    """Import a simulation as its command does: its folder comes first on the path."""
    monkeypatch.syspath_prepend(BENCH)
    before = set(sys.modules)
    yield importlib.import_module("tournaments")
    for name in set(sys.modules) - before:
        del sys.modules[name]


def missed(rows):
    return [
        f"seed {SEED}: {row.model}, {row.figure}: {row.value:.4f}, not {row.goal} ± {row.tolerance}"
        for row in rows
        if not row.holds
    ]


def test_winners_calls_and_stated_chances_are_those_of_the_table(simulation):
    claims = [claim for claim in simulation.TABLE if claim[0].name in {"flat .2", "bt .6"}]
    rows = [*simulation.table(claims, 0.02, SEED)]

    assert missed(rows) == []
    assert len(rows) == 2 * 6


def test_a_bracket_in_one_order_is_as_right_as_claimed(simulation):
    assert missed(simulation.order_free(0.03, SEED)) == []


def test_a_judge_that_repeats_itself_is_found_out(simulation):
    rows = [*simulation.repeating(0.05, SEED)]

    assert missed(rows) == []
    assert [row.value for row in rows][1:] == [0.0, 1.0]


def test_plain_ways_are_worse_at_the_same_price(simulation):
    rows = [*simulation.plain(0.02, SEED)]
    right = {(row.model, row.figure.partition(",")[0]): row.value for row in rows}

    assert missed(rows) == []
    pulled = "flat .3, pull .28"
    assert right[pulled, "final: right"] > 2 * right[pulled, "knock-out"]
