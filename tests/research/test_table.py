"""The table of the bench, and its command over one small world."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from metrics import Share
from planted import study
from planted.row import Bar, Row

BENCH = Path(__file__).parents[1] / "bench" / "research"


@pytest.fixture
def table(monkeypatch):
    """Import the module as the command does: its folder comes first on the path."""
    monkeypatch.syspath_prepend(BENCH)
    before = sys.modules.pop("table", None)  # another bench has one of this name
    yield importlib.import_module("table")
    del sys.modules["table"]
    if before is not None:
        sys.modules["table"] = before


def test_bars_and_what_meets_them():
    assert [Bar(at_least=0.9).met(value) for value in (0.9, 0.89)] == [True, False]
    assert [Bar(at_most=0).met(value) for value in (0, 1)] == [True, False]
    assert [Bar(goal=0.8, within=0.02).met(value) for value in (0.78, 0.83)] == [True, False]
    assert [str(Bar(at_least=0.9)), str(Bar(at_most=0)), str(Bar(goal=0.8, within=0.02))] == [
        "≥ 0.9",
        "≤ 0",
        "0.8 ± 0.02",
    ]


def test_rows_stand_under_their_setting_with_bar_and_verdict(table):
    rows = [
        Row("research", "full", "spans", 1.0, Bar(at_least=1), 12),
        Row("research", "full", "conflicts", None, Bar(at_least=0.9), 0),
        Row("research", "quick", "stale", 0.5, Bar(at_most=0.02), 4),
        Row("research", "quick", "agents", 11.0),
    ]
    assert [line.split() for line in table.lines(rows)] == [
        ["research:", "full"],
        ["spans", "1", "of", "12", "≥", "1", "met"],
        ["conflicts", "none", "of", "0", "≥", "0.9"],
        ["research:", "quick"],
        ["stale", "0.5", "of", "4", "≤", "0.02", "missed"],
        ["agents", "11"],
    ]
    assert table.missed(rows) == [rows[2]]
    assert rows[0].cells["bar"] == "≥ 1"
    assert rows[3].cells["verdict"] == ""


def test_shares_are_added_up_and_counts_with_a_bar_are_summed():
    runs = [
        {"span precision": Share(3, 4), "mirror count": 1, "agents": 10},
        {"span precision": Share(0, 0), "mirror count": 2, "agents": 20, "unverified: quota": 4},
    ]
    rows = {row.figure: row for row in study._rows("a", "b", runs)}
    assert (rows["span precision"].value, rows["span precision"].of) == (0.75, 4)
    assert rows["mirror count"].value == 3
    assert rows["mirror count"].verdict == "missed"
    assert rows["agents"].value == 15
    assert rows["unverified: quota"].value == 2


def test_the_command_measures_prints_and_writes(tmp_path):
    file = tmp_path / "found.json"
    words = ["--only", "recall", "--trials", "2", "--seeds", "0", "--json", file]
    done = subprocess.run(
        [sys.executable, BENCH / "run.py", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    (recall,) = json.loads(file.read_text("utf-8"))["parts"].values()
    assert (recall["seeds"], recall["trials"]) == ([0], 2)
    assert [row["figure"] for row in recall["rows"]][:2] == ["true recall ≤ stated", "true recall"]
    assert "recall stated by until_done: documents uneven, at most 8 finders" in done.stdout
