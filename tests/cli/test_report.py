"""`hocket report routers`: who was asked, what it cost, what it was worth."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.testing import ScriptedBackend, Tokens, run_script

SOURCE = '''"""Questions."""
from hocket.script import agent, parallel

meta = {"name": "questions"}


async def main():
    calls = [lambda i=i: agent(f"question {i}", label=f"q{i}") for i in range(4)]
    return await parallel(calls)
'''
CONFIG = """
router = "escalate"
[router_escalate]
weak = "weak"
strong = "strong"
verify = "Is it right?"
"""
MICROS = {"weak": 100_000, "strong": 1_000_000}
LABELS = (
    "query,weak,strong,weak|total_cost,strong|total_cost\n"
    "q0,1,1,0.1,1\nq1,0,1,0.1,1\nq2,1,1,0.1,1\nq3,0,0,0.1,1\n"
)


def answer(call):
    """Let the weak model be wrong about the odd ones, and see it when it judges."""
    said = {"right": "question 1" not in call.prompt and "question 3" not in call.prompt}
    usage = Usage(output=10, cost_micros=MICROS.get(call.options.model))
    return Tokens(usage, said if call.options.role else "an answer")


@pytest.fixture
def escalated(desk):
    """Give a desk at which a run of four calls ended; two were escalated."""
    (desk.project / ".hocket" / "config.toml").write_text(CONFIG, "utf-8")
    (desk.project / "labels.csv").write_text(LABELS, "utf-8")
    desk.run = run_script(SOURCE, ScriptedBackend({"": answer}), project=desk.project).run_id
    return desk


def test_a_report_tells_shares_costs_and_escalations(escalated):
    code, told = escalated.json("report", "routers", escalated.run)
    assert code == 0
    assert {name: told[name] for name in ("command", "calls", "escalated", "asides")} == {
        "command": "report routers",
        "calls": 4,
        "escalated": 2,
        "asides": 4,
    }
    assert (told["escalation_rate"], told["cost_usd"]) == (0.5, 2.8)
    assert told["models"] == [
        {
            "model": "weak",
            "calls": 2,
            "share": 0.5,
            "tries": 8,
            "output": 80,
            "cost_usd": 0.8,
            "cost_share": pytest.approx(0.8 / 2.8),
        },
        {
            "model": "strong",
            "calls": 2,
            "share": 0.5,
            "tries": 2,
            "output": 20,
            "cost_usd": 2.0,
            "cost_share": pytest.approx(2 / 2.8),
        },
    ]
    assert "labels" not in told


def test_without_a_run_all_of_them_are_told_and_those_that_are_damaged_left_out(escalated):
    run_script(SOURCE, ScriptedBackend({"": answer}), project=escalated.project)
    odd = escalated.folder(escalated.run).parent / "odd"
    odd.mkdir()
    (odd / "journal.jsonl").write_bytes(b"garbage\nmore\n")
    assert escalated.json("report", "routers")[1]["calls"] == 8
    assert escalated.json("report", "routers", escalated.run)[1]["calls"] == 4


def test_with_labels_the_routes_stand_beside_best_single_and_oracle(escalated):
    compared = escalated.json("report", "routers", "--labels", "labels.csv")[1]["labels"]
    assert compared == {
        "calls": 4,
        "routed": {"accuracy": 0.75, "cost_usd": 2.8, "model": None},
        "best_single": {"accuracy": 0.75, "cost_usd": 4.0, "model": "strong"},
        "oracle": {"accuracy": 0.75, "cost_usd": pytest.approx(1.3), "model": None},
        "gap_closed": None,
    }


def test_a_person_reads_the_same(escalated):
    code, out, err = escalated.type("report", "routers", "--labels", "labels.csv")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "weak\t2\t50.0%\t8\t$0.8000",
        "strong\t2\t50.0%\t2\t$2.0000",
        "calls 4  escalated 2 (50.0%)  asides 4",
        "added wall time 0.0 s",
        "routed\t75.0%\t$2.8000",
        "BestSingle: strong\t75.0%\t$4.0000",
        "Oracle\t75.0%\t$1.3000",
        "labelled calls 4  share of the gap closed unknown",
    ]


def test_where_the_oracle_is_better_the_share_of_the_gap_is_told(escalated):
    text = LABELS.replace("q0,1,1", "q0,1,0")
    (escalated.project / "labels.csv").write_text(text, "utf-8")
    told = escalated.type("report", "routers", "--labels", "labels.csv")[1]
    assert told.splitlines()[-1] == "labelled calls 4  share of the gap closed 100.0%"


def test_without_prices_money_is_unknown_and_the_backends_own_model_has_no_name(desk):
    run_script(SOURCE, ScriptedBackend({"": answer}), project=desk.project)
    told = desk.json("report", "routers")[1]
    assert told["cost_usd"] is None
    assert told["models"][0]["cost_share"] is None
    first = desk.type("report", "routers")[1].splitlines()[0]
    assert first == "(the backend's own)\t4\t100.0%\t4\tunknown"


def test_without_a_model_that_has_all_labels_there_is_no_single_one_to_tell(escalated):
    table = "query,weak,strong,weak|total_cost,strong|total_cost\nq0,1,,1,1\nq1,,1,1,1\n"
    (escalated.project / "labels.csv").write_text(table, "utf-8")
    told = escalated.json("report", "routers", "--labels", "labels.csv")[1]["labels"]
    assert (told["best_single"], told["gap_closed"]) == (None, None)
    lines = escalated.type("report", "routers", "--labels", "labels.csv")[1].splitlines()
    assert [line.split("\t")[0] for line in lines[4:6]] == ["routed", "Oracle"]


def test_labels_that_fit_no_call_are_said_to(escalated):
    (escalated.project / "labels.csv").write_text("query,weak,strong\nelsewhere,1,0\n", "utf-8")
    assert escalated.json("report", "routers", "--labels", "labels.csv")[1]["labels"] is None
    said = escalated.type("report", "routers", "--labels", "labels.csv")[1].splitlines()[-1]
    assert said == "no call has a label for the model that answered it"


def test_where_nothing_ran_a_person_is_told_so_and_a_program_gets_zeros(desk):
    assert desk.type("report", "routers") == (0, "", "")
    told = desk.json("report", "routers")[1]
    assert (told["calls"], told["escalation_rate"], told["models"]) == (0, None, [])
    terminal = desk.sit("report", "routers").see("No agent ran")
    assert terminal.end() == 0


def test_a_run_that_is_not_there_and_a_wrong_table_are_refused(escalated):
    code, told = escalated.json("report", "routers", "none")
    assert (code, told["error"]["message"].split(";")[0]) == (
        2,
        "run 'none': there is no such run in this project",
    )
    (escalated.project / "labels.csv").write_text("a,b\n1,2\n", "utf-8")
    code, told = escalated.json("report", "routers", "--labels", "labels.csv")
    assert (code, "its columns are a, b" in told["error"]["message"]) == (2, True)


def test_the_group_helps(desk):
    code, out, err = desk.type("report")
    assert (code, err) == (0, "")
    assert out.partition("Commands:\n")[2].split()[0] == "routers"
