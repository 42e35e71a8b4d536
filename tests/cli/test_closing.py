"""The closing block: state, census, money, time, place and the next command."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.cli._closing import closing, counted, failure, summary
from hocket.engine.summary import Failure, report
from hocket.errors import RunFailed, RunStopped, RunSuspended
from hocket.launch.card import Card


def told(status="completed", **more):
    fields = {
        "run_id": "4f2a",
        "name": "audit",
        "status": status,
        "cause": None,
        "result": None,
        "census": {"ok": 31},
        "usage": Usage(output=1200, cost_micros=1_840_000),
        "elapsed_ms": 372_000,
        "failures": [],
    }
    return report(**fields | more)


def card(tokens=None, micros=None):
    return Card(
        name="audit", description="", path="a.py", digest="sha256:0", phases=(), backend="gate",
        agents=10, at_once=2, budget_tokens=tokens, budget_micros=micros, checks=(), notes=(),
    )  # fmt: skip


def printed(capsys, account, shown):
    closing(account, shown, ".hocket/runs/4f2a")
    return capsys.readouterr()


def test_the_block_of_a_run_with_failures(capsys):
    census = {"ok": 31, "cached": 2, "stalled": 4, "invalid": 3}
    failures = [Failure(17, "x", "stalled", None), Failure(9, "y", "invalid", None)]
    account = told(census=census, failures=failures)
    assert printed(capsys, account, card(micros=5_000_000)).err.splitlines() == [
        "completed, 7 of 40 calls failed             1,200 tokens   $1.84 of $5.00   6 min 12 s",
        "  ok 31 · cached 2 · stalled 4 · invalid 3  .hocket/runs/4f2a",
        "  again, only the failed ones: hocket resume 4f2a      why: hocket runs explain 4f2a 17",
    ]


def test_budgets_in_tokens_and_unknown_prices(capsys):
    account = told(usage=Usage(output=5, cost_micros=None))
    head = printed(capsys, account, card(tokens=9000)).err.splitlines()[0]
    assert head.endswith("5 tokens of 9,000, price unknown   6 min 12 s")
    assert summary(account, "x")[0].endswith("5 tokens, price unknown   6 min 12 s")


def test_notes_are_shown_and_foreign_words_are_inert(capsys):
    account = told(notes=("one\nrow \x1b[2J",), cause=None)
    assert "  note: one\\nrow \\x1b[2J" in printed(capsys, account, card()).err
    assert summary(told("failed", cause="\x07"), "x")[1] == "  \\x07"


@pytest.mark.parametrize(
    ("result", "out"), [("text\n", "text\n\n"), (None, "null\n"), (["ü"], '[\n  "ü"\n]\n')]
)
def test_the_result_is_the_only_thing_on_stdout(capsys, result, out):
    assert printed(capsys, told(result=result), card()).out == out
    assert printed(capsys, told("stopped", result=result), card()).out == ""


def test_a_census_lists_answers_first_then_the_most_frequent():
    assert counted({"error": 1, "timeout": 3, "cached": 2, "ok": 1}) == (
        "cached 2 · ok 1 · timeout 3 · error 1"
    )
    assert counted({}) == "no calls"


@pytest.mark.parametrize(
    ("status", "code", "kind", "exit_code"),
    [
        ("failed", 0, RunFailed, 1),
        ("suspended", 0, RunSuspended, 75),
        ("suspended", 130, RunSuspended, 75),
        ("stopped", 0, RunStopped, 130),
        ("stopped", 143, RunStopped, 143),
    ],
)
def test_how_a_run_ended_is_its_exit_code(status, code, kind, exit_code):
    error = failure(told(status, cause="why"), "PLACE", code)
    assert (type(error), error.exit_code) == (kind, exit_code)
    assert error.message == f"run 4f2a: {status}: why."
    assert error.hint == "Everything committed is kept in PLACE. Go on: hocket resume 4f2a"
    assert failure(told(), "PLACE", 0) is None
