"""The router bench, small: real routers on recounted queries come to what the formula says."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "routers"
COUNT, SEED = 1_000, 20
CASES = [("MMLU", 0.8, 0.818, 0.47), ("GSM8K", 0.8, 0.864, 0.50), ("MMLU", 0.6, 0.783, 0.41)]


@pytest.fixture
def bench(monkeypatch):
    """Import the bench as its command does: its folder comes first on the path."""
    monkeypatch.syspath_prepend(BENCH)
    before = set(sys.modules)
    names = ("formula", "queries", "voices", "driving", "run")
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == BENCH:
            del sys.modules[name]


def test_the_formula_gives_the_published_figures(bench):
    formula = bench.formula
    cases = {"MMLU": formula.MMLU, "GSM8K": formula.GSM8K}
    for name, catches, accuracy, cost in [*CASES, ("GSM8K", 0.6, 0.805, 0.43)]:
        verifier = formula.Verifier(catches)
        assert formula.accuracy(cases[name], verifier) == pytest.approx(accuracy, abs=0.001)
        assert formula.cost(cases[name], verifier) == pytest.approx(cost, abs=0.005)
    rates = [round(formula.break_even(case, 0.1), 2) for case in cases.values()]
    assert rates == [0.73, 0.78]


@pytest.mark.parametrize(("name", "catches", "accuracy", "cost"), CASES)
def test_escalation_comes_to_what_the_formula_says(
    bench, hocket_project, name, catches, accuracy, cost
):
    formula, verifier = bench.formula, bench.formula.Verifier(catches)
    case = getattr(formula, name)
    labels = bench.queries.made_up(case, COUNT, SEED)
    section = {"weak": "weak", "strong": "strong", "verify": "Is it right?"}
    errors = bench.voices.Errors(verifier, seed=SEED)
    compared, told = bench.driving.drive(hocket_project, labels, "escalate", section, errors)
    tolerance = 3 * formula.accuracy_error(case, verifier, COUNT)
    assert compared.routed.accuracy == pytest.approx(accuracy, abs=tolerance), f"seed {SEED}"
    allowed = 3 * formula.cost_error(case, verifier, COUNT)
    assert compared.routed.cost / COUNT == pytest.approx(cost, abs=allowed + 0.005), f"seed {SEED}"
    assert told.escalated / COUNT == pytest.approx(formula.escalated(case, verifier), abs=allowed)
    assert compared.best_single.model == "strong"
    assert compared.best_single.accuracy == pytest.approx(case.strong)
    assert compared.oracle.accuracy == pytest.approx(case.either)


def test_a_classifier_that_names_every_tier_right_is_the_oracle_but_for_its_own_cost(
    bench, hocket_project
):
    labels = bench.queries.made_up(bench.formula.MMLU, 300, SEED)
    tiers = {"small": "weak", "medium": "weak", "large": "strong", "classify": True}
    errors = bench.voices.Errors(bench.formula.Verifier(0), seed=SEED)
    compared, _ = bench.driving.drive(hocket_project, labels, "tiers", tiers, errors)
    assert compared.routed.accuracy == compared.oracle.accuracy
    assert compared.closed == 1.0
    assert compared.routed.cost == pytest.approx(compared.oracle.cost + 300 * 0.01)


TABLE = (
    "sample_id,small,large,small|total_cost,large|total_cost\n"
    "a,1,1,0.1,2\nb,0,1,0.1,2\nc,1,0,0.1,2\nd,0,1,0.1,2\n"
)


def test_a_table_of_a_person_is_measured_and_written(bench, hocket_project, monkeypatch, capsys):
    for name in bench.run.HOMES:
        monkeypatch.setenv(name, "to be put back")
    table, written = hocket_project / "mine.csv", hocket_project / "results" / "routers.json"
    table.write_text(TABLE, "utf-8")
    assert bench.run.main([str(table), "--quick", "--json", str(written)]) == 0
    rows = {row["choice"]: row for row in json.loads(written.read_text("utf-8"))["rows"]}
    assert rows["fixed weak"]["accuracy"] == 0.5
    assert rows["fixed strong"]["cost"] == 2.0
    assert rows["BestSingle large"]["accuracy"] == 0.75
    assert (rows["Oracle"]["accuracy"], rows["Oracle"]["cost"]) == (1.0, pytest.approx(1.05))
    assert rows["tiers, all named right"]["gap_closed"] == 1.0
    assert "BestSingle large" in capsys.readouterr().out


def test_a_table_without_costs_gets_those_that_are_made_up(bench, tmp_path):
    table = tmp_path / "evaluation.csv"
    table.write_text("prompt,small,large\na,True,True\nb,False,True\n", "utf-8")
    labels = bench.queries.of_table(table, 10, SEED)
    assert {m: mark.cost for m, mark in labels["b"].items()} == {"small": 0.1, "large": 1.0}
    assert len(bench.queries.of_table(table, 1, SEED)) == 1


def test_a_table_in_which_no_two_models_meet_cannot_be_measured(bench, tmp_path):
    table = tmp_path / "apart.csv"
    table.write_text("prompt,small,large\na,1,\nb,,1\n", "utf-8")
    with pytest.raises(ValueError, match=r"apart\.csv: not even two models"):
        bench.queries.of_table(table, 10, SEED)


def test_a_figure_that_is_off_is_told(bench):
    row = bench.run.Row("q", "c", 0.8, 0.5, on_paper=(0.82, 0.5))
    assert (row.holds, bench.run.Row("q", "c", 0.8, 0.5).holds) == (False, None)
