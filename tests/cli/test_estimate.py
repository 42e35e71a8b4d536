"""`hocket estimate`, the estimate on the card, and what a run keeps of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

FAN = """
files = {"type": "array", "items": {"type": "string"}}
schema = {"type": "object", "properties": {"files": files}, "required": ["files"]}
found = await agent("List files", schema=schema, label="list")
return await parallel(
    [agent(f"Audit {x}", label=f"audit {x}", phase="Audit") for x in found["files"]]
)
"""
WHO = '"args": {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}'
PRICES = (
    "[prices.big]\ninput = 3.0\noutput = 15.0\ncache_read = 0.3\ncache_write = 3.75\n"
    "[prices.tiny]\ninput = 0.3\noutput = 1.5\n"
)


@pytest.fixture
def fan(desk, monkeypatch):
    """Give a desk with a script that fans out, and a key for a model that has a price."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
    Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(PRICES)
    desk.save(FAN, meta='"description": "Look at files", "phases": ["Audit"]')
    return desk


BIG = ("--backend", "agent_loop", "--model", "big", "--concurrency", "4")


def test_a_person_reads_what_it_will_take_and_why(fan):
    code, out, err = fan.type("estimate", "wf.py", *BIG)
    lines = out.splitlines()
    assert (code, err, fan.runs) == (0, "", [])
    assert lines[0] == "three on agent_loop, 4 agents at once"
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in lines if "\t" in line}
    assert [*rows][:5] == ["agents", "tokens sent", "tokens received", "money", "time"]
    assert rows["agents"][2] == "at most 1,000"
    assert rows["money"][0].startswith("$")
    assert any(line.startswith("no history: rough, from ") for line in lines)
    costs = lines.index("What costs most")
    assert lines[costs + 1].startswith("  Audit\t")
    assert lines[costs + 2].startswith("  list\t")
    grows = lines.index("How it grows")
    assert lines[grows + 1].startswith("  $ ≈ ")
    assert "files \N{MULTIPLICATION SIGN} " in lines[grows + 1]
    assert lines[grows + 2].endswith("(in answers of list)")
    assert "18 turns $0.20, 36 turns $0.46" in lines[grows + 3]


def test_a_terminal_gets_columns(fan):
    terminal = fan.sit("estimate", "wf.py", *BIG)
    terminal.see("P50").see("P90").see("agents").see("at most 1,000").see("How it grows")
    assert terminal.end() == 0


def test_on_a_terminal_simulated_agents_say_how_to_see_money(desk):
    desk.save("return await agent('q')")
    terminal = desk.sit("estimate", "wf.py", "--simulate", "tokens=10")
    terminal.see("agents").see("Simulated agents spend nothing: with --backend and --model")
    assert terminal.end() == 0


def test_a_budget_that_is_too_small_is_answered_with_narrower_scopes(fan):
    _, out, _ = fan.type("estimate", "wf.py", *BIG, "--budget-usd", "0.5")
    at = out.index("Over the budget: P90 $")
    lines = out[at:].splitlines()
    assert "is over the budget of $0.50" in lines[0]
    assert "of the dry runs would use it up" in lines[0]
    assert any(line.startswith("  cut files (in answers of list) to ") for line in lines)
    assert any(line.startswith("  route phase Audit to tiny: $") for line in lines)


def test_json_is_the_same_object(fan):
    code, told = fan.json("estimate", "wf.py", *BIG, "--budget-tokens", "1000")
    assert (code, told["schema"], told["command"]) == (0, 1, "estimate")
    assert {*told["figures"]} == {"calls", "input", "output", "usd", "seconds"}
    assert told["figures"]["usd"]["p50"] <= told["figures"]["usd"]["p90"]
    assert told["rough"] is True
    assert 0 < told["over_budget"] <= 1
    assert told["proposals"][0]["what"].startswith("cut files")
    assert told["drivers"][0]["site"] == "Audit"


def test_words_and_arguments_go_where_they_would_in_a_run(desk):
    desk.save(
        "return await parallel([agent(x) for x in args['names']])",
        ".hocket/workflows/greet.py",
        meta='"args": {"type": "object", "properties": {"names": {"type": "array"}}}',
    )
    typed = ("--simulate", "tokens=10", "--args", '{"names": ["a", "b", "c"]}')
    _, told = desk.json("estimate", "/greet", *typed)
    assert told["figures"]["calls"] == {"p50": 3, "p90": 3}
    desk.save(
        "return await agent(args['who'])",
        ".hocket/workflows/hello.py",
        meta=WHO,
    )
    _, told = desk.json("estimate", "/hello", "the", "world", "--simulate", "tokens=10")
    assert told["at_most"] == 1


def test_an_unknown_price_is_said(fan):
    code, out, _ = fan.type(
        "estimate", "wf.py", "--backend", "agent_loop", "--model", "no-such-model-1"
    )
    assert code == 0
    assert "money\tunknown\tunknown" in out
    assert "note: the price of no-such-model-1 is unknown" in out


def test_what_a_run_would_refuse_is_refused_here_too(desk):
    desk.save("return await agent('q', modle='x')")
    code, _, err = desk.type("estimate", "wf.py")
    assert code == 2
    assert "modle" in err
    assert desk.type("estimate", "nothing.py")[0] == 2
    assert desk.type("estimate", "wf.py", "--yes")[0] == 2


def test_without_agents_for_dry_runs_there_is_no_estimate_but_a_card(fan):
    (fan.project / ".hocket" / "config.toml").write_text(
        '[plugins]\nblock = ["backends.simulate"]\n'
    )
    code, _, err = fan.type("estimate", "wf.py", *BIG)
    assert code == 2
    assert "'simulate' is blocked or not installed" in err
    terminal = fan.sit("run", "wf.py", *BIG)
    terminal.see("estimate none: the estimate: the backend 'simulate' is blocked").see("[N] no\n")
    assert terminal.press("n").end() == 4


def test_the_card_shows_it_to_whoever_is_asked(fan):
    terminal = fan.sit("run", "wf.py", *BIG, "--budget-usd", "0.5").see("[N] no\n")
    assert terminal.press("n").end() == 4
    rows = [line.split(None, 1) for line in terminal.screen.splitlines()[1:]]
    told = {}
    for name, *rest in rows:
        told.setdefault(name, "".join(rest))
    assert told["estimate"].startswith("agents ")
    for part in ("(P90 ", "at most 1,000", " tokens · $", "; no history: rough, from "):
        assert part in told["estimate"]
    assert told["costs"].startswith("Audit ")
    assert told["grows"].startswith("$ ≈ ")
    assert told["over"].startswith("P90 $")
    assert told["narrower"]


@pytest.mark.usefixtures("simulated")
def test_a_script_without_agents_needs_no_figures(desk):
    desk.save("return 1")
    terminal = desk.sit("run", "wf.py").see("estimate no agents").see("[N] no\n")
    assert terminal.press("y").end() == 0


def header(desk):
    (run_id,) = desk.runs
    line = (desk.folder(run_id) / "journal.jsonl").read_text().splitlines()[0]
    return json.loads(line)


def test_a_run_that_was_shown_its_estimate_keeps_it(desk):
    desk.save("return await agent('q')")
    terminal = desk.sit("run", "wf.py", "--simulate", "tokens=10").see("[N] no\n")
    assert terminal.press("y").see("completed").end() == 0
    assert header(desk)["estimate"]["figures"]["calls"] == {"p50": 1, "p90": 1}


def test_unattended_it_is_made_only_if_that_is_typed(desk):
    desk.save("return await agent('q')")
    typed = ("run", "wf.py", "--yes", "-q", "--simulate", "tokens=10")
    _, _, err = desk.type(*typed)
    assert "estimate" not in err
    assert "estimate" not in header(desk)


def test_it_can_be_typed_for_an_unattended_run(desk):
    desk.save("return await agent('q')")
    _, _, err = desk.type("run", "wf.py", "--yes", "-q", "--simulate", "tokens=10", "--estimate")
    assert err.startswith("hocket: estimate: agents 1 (P90 1, at most 1) · ")
    assert header(desk)["estimate"]["at_most"] == 1


def test_earlier_runs_are_what_the_next_estimate_rests_on(desk):
    desk.save("return await agent('q')")
    typed = ("wf.py", "--simulate", "tokens=10")
    for _ in range(2):
        assert desk.type("run", *typed, "--yes", "-q", "--estimate")[0] == 0
    _, told = desk.json("estimate", *typed)
    assert (told["runs"], told["measured"], told["rough"]) == (2, 2, True)
    _, out, _ = desk.type("estimate", *typed)
    assert "2 earlier runs, 2 of them estimated: rough, from " in out


def test_help_names_the_options_that_matter_and_no_others(desk):
    code, out, _ = desk.type("estimate", "--help")
    assert code == 0
    for option in ("--args", "--model", "--budget-usd", "--concurrency", "--json"):
        assert option in out
    for option in ("--yes", "--fresh", "--quiet", "--estimate", "--durability"):
        assert option not in out
