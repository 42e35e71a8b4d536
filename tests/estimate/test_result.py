"""The result as one object, for `--json` and for the journal."""

from __future__ import annotations

import json

import pytest

from hocket.cli import _estimate
from hocket.estimate.result import Driver, Estimate, Proposal, Range

FIGURES = {
    "calls": Range(62, 88),
    "input": Range(859_000.4, 1_560_000),
    "output": Range(41_000, 80_000),
    "usd": Range(4.1, 7.4),
    "seconds": Range(361.234, 660),
}


def made(**more):
    told = {
        "figures": FIGURES,
        "base": {name: one.p50 for name, one in FIGURES.items()},
        "at_most": 120,
        "draws": 90,
        "runs": 16,
        "measured": 14,
        "rough": False,
    }
    return Estimate(**{**told, **more})


def test_the_card_reads_as_the_design_says():
    (row, *_) = _estimate.rows(made())
    assert row[0] == "estimate"
    assert row[1].split(" · ") == [
        "agents 62 (P90 88, at most 120)",
        "0.9 M (1.6 M) tokens",
        "$4.10 ($7.40)",
        "6 min 1 s (11 min); rests on 14 runs and 90 dry runs",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"rough": True, "runs": 0, "measured": 0}, "no history: rough, from 90 dry runs"),
        (
            {"rough": True, "runs": 1, "measured": 0},
            "1 earlier run, 0 of them estimated: rough, from 90 dry runs",
        ),
        (
            {"rough": True, "runs": 4, "measured": 3},
            "4 earlier runs, 3 of them estimated: rough, from 90 dry runs",
        ),
    ],
)
def test_what_it_rests_on_is_said(more, words):
    assert _estimate.rests(made(**more)) == words


def test_a_budget_that_may_not_be_enough_is_a_row_of_its_own():
    over = made(
        budget={"usd": 5.0},
        over_budget=0.304,
        drivers=(Driver("Audit", 0.8, 40.0, 3.2), Driver("Vote", 0.2, 22.0, 0.8)),
        growth=("$ ≈ 1.00", "with files 6"),
        proposals=(
            Proposal("cut files to 12", 2.1, 3.9, fits=True),
            Proposal("route phase Vote to tiny", 3.9, 7.0, fits=False),
        ),
        notes=("patterns made 4 calls",),
    )
    rows = _estimate.rows(over)
    assert rows[1:] == [
        ("costs", "Audit 80 % · Vote 20 %"),
        ("grows", "$ ≈ 1.00"),
        ("grows", "with files 6"),
        ("over", "P90 $7.40 is over the budget of $5.00; 30 % of the dry runs would use it up"),
        ("narrower", "cut files to 12: $2.10 (P90 $3.90)"),
        ("narrower", "route phase Vote to tiny: $3.90 (P90 $7.00), still over"),
        ("note", "patterns made 4 calls"),
    ]


def test_a_budget_in_tokens_is_told_in_tokens():
    over = made(budget={"output": 50_000}, over_budget=0.0)
    assert over.broken == "output"
    assert _estimate.over(over).startswith("P90 80 k is over the budget of 50 k; 0 %")
    cut = Proposal("cut files to 3", 20_000, 41_000, fits=True)
    assert _estimate.proposal(cut, over) == "cut files to 3: 20 k (P90 41 k) output tokens"


def test_a_budget_that_is_enough_or_of_what_nobody_knows_breaks_nothing():
    assert made(budget={"usd": 7.4}).broken is None
    unknown = {name: one for name, one in FIGURES.items() if name != "usd"}
    blind = made(figures=unknown, budget={"usd": 1.0})
    assert blind.broken is None
    assert "price unknown" in _estimate.summary(blind)
    assert blind.as_json()["figures"]["usd"] is None


def test_figures_are_rounded_to_what_they_can_mean():
    told = made().as_json()
    assert told["figures"]["input"] == {"p50": 859_000, "p90": 1_560_000}
    assert told["figures"]["seconds"] == {"p50": 361.2, "p90": 660.0}
    assert told["base"]["usd"] == 4.1
    json.dumps(told)


def test_the_journal_keeps_the_figures_and_what_they_rest_on():
    kept = made(notes=("a note",), drivers=(Driver("x", 1.0, 1.0, None),)).kept
    assert "notes" not in kept
    assert "drivers" not in kept
    assert kept["base"]["calls"] == 62


@pytest.mark.parametrize(
    ("value", "written"),
    [(7, "7"), (9_999, "9,999"), (41_200, "41 k"), (859_000, "0.9 M"), (2_345_678, "2.3 M")],
)
def test_counts_are_short(value, written):
    assert _estimate.count(value) == written
