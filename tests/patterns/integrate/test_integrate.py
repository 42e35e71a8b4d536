"""Patches of many agents become a branch; what does not fit goes round again, and only that."""

from __future__ import annotations

import json

import pytest

from hocket.testing import ScriptedBackend
from hocket_plugins.patterns.integrate.arguments import Arguments
from hocket_plugins.patterns.integrate.pattern import Integrate


def asked(agents):
    """Give the prompts of second rounds."""
    return [prompt for prompt in agents.calls if "(Round " in prompt]


def rejected(outcome):
    return [(one["index"], one["cause"]) for one in outcome.result["rejected"]]


def counting(yard, command="true"):
    """Write a check that counts its runs outside of the tree."""
    return f"echo run >> {yard.project.parent}/runs; {command}"


def runs(yard):
    path = yard.project.parent / "runs"
    return len(path.read_text().split()) if path.exists() else 0


def test_every_patch_becomes_a_commit_of_its_own(yard):
    units = [yard.order(0, [["b.txt", 1, "B"]]), yard.order(1, [["c.txt", 2, "C"]])]
    outcome, _ = yard.play(units)

    branch = f"hocket/{outcome.run_id}/integrated"
    assert outcome.status == "completed", outcome.cause
    assert outcome.result == {
        "applied": [0, 1],
        "unchanged": [],
        "rerun": [],
        "rejected": [],
        "invariants": {},
        "branch": branch,
        "commit": yard.git("rev-parse", branch).strip(),
        "complete": True,
        "stopped": None,
        "calls": 0,
        "census": {},
        "notes": ["no command was run: that patches fit does not say that they work"],
        "error": {"basis": "none", "ran": []},
    }
    assert yard.log(branch, "%B") == ["unit 0\n\nhocket call 1", "unit 1\n\nhocket call 2"]
    assert (yard.at(branch, "b.txt")[1], yard.at(branch, "c.txt")[2]) == ("B", "C")
    assert (yard.owned(), yard.left()) == (yard.before, ([], 0))


def test_a_patch_that_conflicts_is_made_anew_where_the_others_are_in(yard):
    units = [
        yard.order(0, [["b.txt", 1, "mine"]]),
        yard.order(1, [["b.txt", 1, "yours"], ["c.txt", 0, "C"]], [["b.txt", 1, "both"]]),
        yard.order(2, [["b.txt", 9, "far away"]]),
    ]
    outcome, agents = yard.play(units)

    told = outcome.result
    assert (told["applied"], told["rerun"], told["rejected"]) == ([0, 1, 2], [1], [])
    assert (told["calls"], told["census"], told["complete"]) == (1, {"ok": 1}, True)
    (prompt,) = asked(agents)
    assert prompt.startswith(units[1]["prompt"])
    assert "others changed this meanwhile" in prompt
    assert "<conflicts>\nb.txt\n<<<<<<< ours\nmine\n=======\nyours\n>>>>>>> theirs\n" in prompt
    # It began on a head that had the first one's patch, and the third went in after it.
    assert yard.log(told["branch"]) == ["unit 0", "unit 1", "unit 2"]
    assert yard.at(told["branch"], "b.txt")[1] == "both"
    assert yard.at(told["branch"], "b.txt")[9] == "far away"
    assert yard.at(told["branch"], "c.txt")[0] == "c 0"
    assert (yard.owned(), yard.left()) == (yard.before, ([], 0))


@pytest.mark.parametrize(("how", "cause"), [("skip", "conflict"), ("ask", "ask")])
def test_a_patch_that_conflicts_can_be_left_out_or_to_a_person(yard, how, cause):
    units = [yard.order(0, [["b.txt", 1, "mine"]]), yard.order(1, [["b.txt", 1, "yours"]])]
    outcome, agents = yard.play(units, f', on_conflict="{how}"')

    hunk = {"file": "b.txt", "text": "<<<<<<< ours\nmine\n=======\nyours\n>>>>>>> theirs"}
    told = outcome.result
    assert told["rejected"] == [{"index": 1, "cause": cause, "hunks": [hunk], "output": None}]
    assert (told["applied"], told["rerun"], told["complete"]) == ([0], [], True)
    assert "1 of 2 are not on the branch: items 1" in told["notes"]
    assert asked(agents) == []


def test_a_check_that_fails_is_a_conflict_with_its_output(yard):
    units = [
        yard.order(0, [["b.txt", 1, "bad"]], [["b.txt", 1, "good"]]),
        yard.order(1, [["c.txt", 1, "C"]]),
    ]
    outcome, agents = yard.play(units, ', check="clean"', checks={"clean": "! grep -n bad *.txt"})

    told = outcome.result
    assert (told["applied"], told["rerun"], told["rejected"]) == ([0, 1], [0], [])
    (prompt,) = asked(agents)
    assert "this command failed: clean. It said:\n<output>\nb.txt:2:bad\n" in prompt
    assert yard.log(told["branch"]) == ["unit 1", "unit 0"]
    assert told["error"] == {"basis": "commands", "ran": ["clean"]}
    assert yard.at(told["branch"], "b.txt")[1] == "good"


def test_after_so_many_attempts_it_is_rejected_and_the_others_stay(yard):
    units = [yard.order(0, [["b.txt", 1, "bad"]]), yard.order(1, [["c.txt", 1, "C"]])]
    checks = {"clean": "! grep -n bad *.txt"}
    outcome, agents = yard.play(units, ', check="clean", attempts=3', checks=checks)

    assert rejected(outcome) == [(0, "check: clean")]
    assert outcome.result["rejected"][0]["output"] == "b.txt:2:bad\n"
    assert (outcome.result["applied"], outcome.result["rerun"]) == ([1], [0])
    assert [f"(Round {n}.)" in p for n, p in enumerate(asked(agents), 1)] == [True] * 3


def test_patches_of_different_files_are_checked_as_one(yard):
    units = [yard.order(n, [[f"{name}.txt", 0, "x"]]) for n, name in enumerate("bcdef")]
    outcome, _ = yard.play(units, ', check="c"', checks={"c": counting(yard)})

    assert (outcome.result["applied"], runs(yard)) == ([0, 1, 2, 3, 4], 1)


def test_of_a_group_that_fails_the_culprit_alone_goes_round(yard):
    units = [yard.order(n, [[f"{name}.txt", 0, "x"]]) for n, name in enumerate("bcdef")]
    units[3] = yard.order(3, [["e.txt", 0, "bad"]], [["e.txt", 0, "good"]])
    checks = {"c": counting(yard, "! grep -q bad *.txt")}
    outcome, agents = yard.play(units, ', check="c"', checks=checks)

    assert (outcome.result["applied"], outcome.result["rerun"]) == ([0, 1, 2, 3, 4], [3])
    assert len(asked(agents)) == 1
    # All five; two; three; one of them, which is bad of two; and what was made anew.
    assert runs(yard) <= 8


def test_an_agent_that_fails_again_costs_an_attempt(yard):
    units = [
        yard.order(0, [["b.txt", 1, "mine"]]),
        yard.order(1, [["b.txt", 1, "yours"]], fails=True),
    ]
    outcome, agents = yard.play(units)

    assert rejected(outcome) == [(1, "error")]
    assert (outcome.result["census"], outcome.result["calls"]) == ({"error": 2}, 2)
    assert len(set(asked(agents))) == 1


@pytest.mark.parametrize("culprit", [0, 2, 4])
def test_who_broke_an_invariant_is_found_by_bisection_and_goes_round(yard, culprit):
    units = [yard.order(n, [[f"{name}.txt", 0, "x"]]) for n, name in enumerate("bcdef")]
    name = "bcdef"[culprit]
    units[culprit] = yard.order(culprit, [[f"{name}.txt", 0, "bad"]], [[f"{name}.txt", 0, "good"]])
    checks = {"sum": counting(yard, "! grep -n bad *.txt")}
    outcome, agents = yard.play(units, ', invariants=["sum"]', checks=checks)

    told = outcome.result
    assert (told["applied"], told["rerun"], told["rejected"]) == ([0, 1, 2, 3, 4], [culprit], [])
    assert (told["invariants"], told["complete"]) == ({"sum": "pass"}, True)
    assert f"invariant sum failed from item {culprit} on" in told["notes"]
    (prompt,) = asked(agents)
    assert f"this command failed: sum. It said:\n<output>\n{name}.txt:1:bad\n" in prompt
    others = [f"unit {n}" for n in range(5) if n != culprit]
    assert yard.log(told["branch"]) == [*others, f"unit {culprit}"]
    # The base, the head, at most three of the five commits, and the new head.
    assert runs(yard) <= 6


def test_who_breaks_it_again_and_again_is_rejected_and_those_after_stay(yard):
    units = [
        yard.order(0, [["b.txt", 0, "x"]]),
        yard.order(1, [["b.txt", 5, "bad"]]),
        yard.order(2, [["b.txt", 9, "y"], ["c.txt", 0, "z"]]),
    ]
    checks = {"sum": "! grep -n bad *.txt", "other": "true"}
    outcome, _ = yard.play(units, ', invariants=["other", "sum"], attempts=1', checks=checks)

    told = outcome.result
    assert (rejected(outcome), told["applied"]) == ([(1, "invariant: sum")], [0, 2])
    assert told["invariants"] == {"other": "pass", "sum": "pass"}
    assert yard.log(told["branch"]) == ["unit 0", "unit 2"]


def test_what_rests_on_a_patch_that_goes_out_is_made_anew_as_well(yard):
    """The second has the first one's line as its context; without it nothing fits."""
    units = [
        yard.order(0, [["b.txt", 1, "bad"]], [["b.txt", 1, "good"]]),
        yard.order(1, [["b.txt", 1, "late"]], [["b.txt", 2, "after"]]),
    ]
    checks = {"sum": "! grep -n bad *.txt"}
    outcome, agents = yard.play(units, ', invariants=["sum"]', checks=checks)

    told = outcome.result
    assert (told["applied"], told["rerun"]) == ([0, 1], [0, 1])
    assert yard.at(told["branch"], "b.txt")[1:3] == ["good", "after"]
    assert len(asked(agents)) == told["calls"]


def test_a_base_that_fails_already_is_told_before_anything_is_put_in(yard):
    units = [yard.order(0, [["b.txt", 0, "x"]]), yard.order(1, [["b.txt", 0, "y"]])]
    checks = {"never": "exit 1", "c": counting(yard)}
    options = ', invariants=["never"], check="c"'
    outcome, agents = yard.play(units, options, checks=checks)

    told = outcome.result
    cause = "base: invariant never fails before anything is put in"
    assert rejected(outcome) == [(0, cause), (1, cause)]
    assert (told["complete"], told["applied"], told["invariants"]) == (False, [], {"never": "fail"})
    assert told["commit"] == yard.git("rev-parse", "main").strip()
    assert (asked(agents), runs(yard)) == ([], 0)


def test_a_check_that_fails_without_any_patch_buys_no_agent(yard):
    units = [yard.order(n, [[f"{name}.txt", 0, "x"]]) for n, name in enumerate("bcd")]
    outcome, agents = yard.play(units, ', check="never"', checks={"never": "exit 1"})

    told = outcome.result
    assert {one for _, one in rejected(outcome)} == {
        "base: check never fails before anything is put in"
    }
    assert (told["applied"], told["complete"], asked(agents)) == ([], False, [])


def test_a_check_that_wants_a_change_may_fail_on_the_base(yard):
    """As long as it passes with somebody, it can tell who is wrong."""
    units = [
        yard.order(0, [["b.txt", 0, "bad"]], [["b.txt", 0, "good"]]),
        yard.order(1, [["c.txt", 0, "C"]]),
    ]
    wants = "! git diff --quiet HEAD && ! grep -q bad *.txt"
    outcome, _ = yard.play(units, ', check="wants"', checks={"wants": wants})
    assert (outcome.result["applied"], outcome.result["rerun"]) == ([0, 1], [0])


def test_nothing_gives_a_branch_at_the_base(yard):
    outcome, _ = yard.play([], ', branch="Empty one"')

    told = outcome.result
    assert told["branch"] == f"hocket/{outcome.run_id}/empty-one"
    assert yard.git("rev-parse", told["branch"]) == yard.git("rev-parse", "main")
    assert (told["applied"], told["complete"], told["calls"]) == ([], True, 0)


def test_what_changed_nothing_counts_as_applied_and_is_noted(yard):
    same = [["b.txt", 1, "B"]]
    units = [yard.order(0, []), yard.order(1, same), yard.order(2, same)]
    outcome, _ = yard.play(units)

    told = outcome.result
    assert (told["applied"], told["unchanged"]) == ([0, 1, 2], [0, 2])
    assert "nothing to change, counted as applied: items 0, 2" in told["notes"]
    assert yard.log(told["branch"]) == ["unit 1"]


def test_calls_that_failed_and_nulls_are_no_work(yard):
    units = [yard.order(0, [["b.txt", 1, "B"]])]
    failed = '{"state": "stalled", "call": "9", "changes": {"patch": "0" * 64}}'
    outcome, _ = yard.play(units, work=f"[None, {failed}, *work]")

    assert rejected(outcome) == [(0, "skipped: null item"), (1, "stalled")]
    assert outcome.result["applied"] == [2]


def test_a_whole_result_with_records_will_do_and_what_it_says_goes_first(yard):
    units = [yard.order(0, [["b.txt", 1, "B"]])]
    more = '{**work[0], "label": "Said\\n so"}'
    outcome, _ = yard.play(units, work=f'{{"records": [{more}], "coverage": "1 of 1"}}')

    assert yard.log(outcome.result["branch"]) == ["Said so"]


def test_what_a_fan_out_made_is_put_together(yard):
    """Its records have no prompt: that is read back from the journal."""
    units = [
        yard.order(0, [["b.txt", 1, "mine"]]),
        yard.order(1, [["b.txt", 1, "yours"]], [["b.txt", 1, "both"]]),
        yard.order(2, [["c.txt", 1, "C"]]),
    ]
    prompts = 'one["prompt"] for one in args'
    work = f'await fan_out([{prompts}], "Do it.\\n{{item}}", isolation="worktree")'
    plugins = {"sandbox": yard.sandbox()}
    outcome, agents = yard.play(units, work=work, imports=", fan_out", plugins=plugins)

    told = outcome.result
    assert (told["applied"], told["rerun"]) == ([0, 1, 2], [1])
    assert yard.at(told["branch"], "b.txt")[1] == "both"
    assert asked(agents)[0].startswith(f"Do it.\n{units[1]['prompt']}\n")


def test_over_the_cap_of_agents_the_rest_is_rejected(yard):
    units = [yard.order(n, [["b.txt", 1, f"x{n}"]]) for n in range(3)]
    outcome, _ = yard.play(units, flags={"max_agents": 4})

    assert (outcome.result["applied"], rejected(outcome)) == ([0, 1], [(2, "cap")])
    assert (outcome.result["stopped"], outcome.result["complete"]) == ("cap", False)


def test_a_patch_that_the_run_does_not_keep_is_made_anew_or_told(yard):
    units = [yard.order(0, [["b.txt", 1, "B"]])]
    lost = '{**work[0], "changes": {"patch": "0" * 64}}'
    foreign = '{"state": "ok", "call": "99", "changes": {"patch": "0" * 64}}'
    outcome, agents = yard.play(units, work=f"[{lost}, {foreign}]")

    told = outcome.result
    assert (told["applied"], told["rerun"]) == ([0], [0])
    assert told["rejected"] == [
        {"index": 1, "cause": "conflict", "hunks": [], "output": "the run does not keep its patch"}
    ]
    assert "item 1 cannot be made anew: its prompt is not known" in told["notes"]
    assert "<conflicts>\nthe run does not keep its patch\n" in asked(agents)[0]


@pytest.mark.parametrize(
    ("order", "log"),
    [("given", [2, 0, 1]), ("smallest", [0, 1, 2]), ("path", [2, 1, 0])],
)
def test_patches_go_in_by_an_order_that_does_not_depend_on_time(yard, order, log):
    """All touch one file at places of their own, so that each goes in by itself."""
    units = {
        2: yard.order(2, [["b.txt", 0, "1"], ["b.txt", 3, "2"], ["b.txt", 6, "3"]]),
        0: yard.order(0, [["f.txt", 0, "1"]]),
        1: yard.order(1, [["e.txt", 0, "1"], ["f.txt", 6, "2"]]),
    }
    shared = {n: json.loads(one["prompt"]) for n, one in units.items()}
    given = [yard.order(n, [["d.txt", n * 4, "x"], *shared[n]["set"]]) for n in units]
    outcome, _ = yard.play(given, f', order="{order}"', arrival=[0, 1, 2])

    told = yard.log(outcome.result["branch"])
    if order == "path":  # d.txt comes first in all but the one with b.txt
        assert told == ["unit 2", "unit 0", "unit 1"]
    else:
        assert told == [f"unit {n}" for n in log]


def test_without_budget_the_branch_holds_what_passed(yard):
    units = [
        yard.order(0, [["b.txt", 1, "mine"]], spends=400),
        yard.order(1, [["b.txt", 1, "yours"]], spends=400),
        yard.order(2, [["b.txt", 1, "ours"]], spends=400),
        yard.order(3, [["b.txt", 9, "far"]], spends=400),
    ]
    outcome, agents = yard.play(units, flags={"budget_tokens": 2500})

    told = outcome.result
    assert (rejected(outcome), told["applied"]) == ([(1, "budget"), (2, "budget")], [0, 3])
    assert (told["stopped"], told["complete"]) == ("budget", False)
    assert yard.log(told["branch"]) == ["unit 0", "unit 3"]
    assert [one["hunks"][0]["file"] for one in told["rejected"]] == ["b.txt", "b.txt"]
    assert asked(agents) == []


def test_a_check_that_nobody_declared_is_misuse(yard):
    units = [{**yard.order(0, [["b.txt", 1, "B"]]), "check": "tset"}]
    outcome, _ = yard.play(units, ', check=args[0]["check"]', checks={"test": "true"})

    assert outcome.status == "failed"
    assert '"tset" is not in meta.checks; known: test' in outcome.cause
    assert yard.left() == ([], 0)
    assert "integrated" not in yard.git("branch", "--list")


@pytest.mark.parametrize("option", ['check="c"', 'invariants=["c"]'])
def test_a_check_that_may_not_run_halts_and_buys_no_agent(yard, option):
    units = [yard.order(0, [["b.txt", 1, "B"]])]
    outcome, agents = yard.play(units, f", {option}", checks={"c": "true"}, plugins={})

    told = outcome.result
    assert told["complete"] is False
    assert rejected(outcome)[0][1].startswith('refused: check "c": ')
    assert told["commit"] == yard.git("rev-parse", "main").strip()
    assert asked(agents) == []


def test_outside_of_git_it_is_said_and_not_raised(folder):
    units = [folder.order(0, [["b.txt", 1, "B"]])]
    outcome, _ = folder.play(units)

    told = outcome.result
    assert rejected(outcome) == [(0, "branch: the project is in no git repository")]
    assert (told["complete"], told["branch"], told["commit"]) == (False, None, None)
    assert "not all was put in: branch: the project is in no git repository" in told["notes"]


def test_a_base_that_is_none_is_said(yard):
    outcome, _ = yard.play([yard.order(0, [])], ', base="nowhere"')
    assert rejected(outcome) == [(0, "branch: base 'nowhere' is no commit here")]


def test_a_tree_that_a_check_takes_away_is_told_and_what_is_committed_stays(yard):
    units = [yard.order(n, [["b.txt", 4 * n, f"x{n}"]]) for n in range(3)]
    take = 'grep -q x1 b.txt || exit 0; here=$PWD; cd ..; mv "$here" "$here.old"; ln -s / "$here"'
    outcome, _ = yard.play(units, ', check="c"', checks={"c": take})

    told = outcome.result
    assert told["applied"] == [0]
    assert {cause[:18] for _, cause in rejected(outcome)} == {"branch: its tree /"}
    assert yard.log(told["branch"]) == ["unit 0"]


def test_where_agents_have_no_files_nothing_is_made(yard):
    agents = ScriptedBackend({"": "done"})
    units = [yard.order(0, [["b.txt", 1, "B"]])]
    outcome, _ = yard.play(units, ', invariants=["c"]', checks={"c": "true"}, agents=agents)

    assert outcome.result["applied"] == [0]
    assert yard.git("branch", "--list", "hocket/*") == ""


def test_a_killed_run_goes_on_and_buys_no_agent_twice(yard):
    """It dies in the second of two reruns; the branch begins anew, from the same base."""
    units = [
        yard.order(0, [["b.txt", 1, "mine"]]),
        yard.order(1, [["b.txt", 1, "yours"]], [["b.txt", 1, "both"]]),
        yard.order(2, [["b.txt", 1, "ours"]], [["b.txt", 1, "all"]], dies=True),
    ]
    yard.lives_and_dies(units)
    (run_id,) = yard.run_ids()
    agents = ScriptedBackend({"": yard.editor(deadly=False)}, has_workspace=True)
    outcome, agents = yard.play(units, agents=agents, again=run_id)

    told = outcome.result
    assert (told["applied"], told["rerun"], told["calls"]) == ([0, 1, 2], [1, 2], 2)
    assert [json.loads(prompt.partition("\n")[0])["id"] for prompt in agents.calls] == [2]
    assert yard.log(told["branch"]) == ["unit 0", "unit 1", "unit 2"]
    assert yard.at(told["branch"], "b.txt")[1] == "all"
    assert told["branch"] == f"hocket/{run_id}/integrated"
    assert (yard.owned(), yard.left()) == (yard.before, ([], 0))


def test_what_a_check_said_is_the_same_in_the_next_life(yard):
    """It says the time: asked anew with another time, the first agent would be bought twice."""
    units = [
        yard.order(0, [["b.txt", 1, "bad"]], [["b.txt", 1, "mine"]]),
        yard.order(1, [["b.txt", 1, "yours"]], [["b.txt", 1, "both"]], dies=True),
    ]
    timed = counting(yard, "date +%s.%N; ! grep -q bad *.txt")
    checks, options = {"c": timed}, ', check="c"'
    yard.lives_and_dies(units, options, checks)
    (run_id,) = yard.run_ids()
    before = runs(yard)
    agents = ScriptedBackend({"": yard.editor(deadly=False)}, has_workspace=True)
    outcome, agents = yard.play(units, options, checks=checks, agents=agents, again=run_id)

    assert outcome.result["rerun"] == [0, 1]
    assert [json.loads(prompt.partition("\n")[0])["id"] for prompt in agents.calls] == [1]
    # With the first patch, without any, and with what was made anew; then only what is new.
    assert (before, runs(yard)) == (3, 4)


def test_no_more_agents_are_asked_than_allowed(yard):
    units = [yard.order(n, [["b.txt", 1, f"x{n}"]]) for n in range(4)]
    outcome, agents = yard.play(units, ", max_calls=1")

    assert (outcome.result["applied"], outcome.result["rerun"]) == ([0, 1], [1])
    assert rejected(outcome) == [(2, "max"), (3, "max")]
    assert (outcome.result["stopped"], len(asked(agents))) == ("max", 1)


def test_options_of_the_unit_hold_again_and_those_given_go_before_them(yard):
    """The agent that made it had tools and a model; who integrates wants another model."""
    units = [yard.order(0, [["b.txt", 1, "mine"]]), yard.order(1, [["b.txt", 1, "yours"]])]
    calls = []

    def agent(call):
        calls.append(call)
        return yard.editor()

    agents = ScriptedBackend({"": agent}, has_workspace=True)
    outcome, _ = yard.play(units, ', model="large"', agents=agents, more=', tools=["Read"]')

    first, again = calls[1], calls[2]
    assert outcome.result["rerun"] == [1]
    assert (first.options.tools, again.options.tools) == (("Read",), ("Read",))
    assert (first.options.model, again.options.model) == (None, "large")
    assert (again.label, again.options.role) == ("unit 1 again", "integrate")
    assert again.options.base == yard.git("rev-parse", f"{outcome.result['branch']}~1").strip()


def test_a_finished_integration_is_not_done_again(yard):
    units = [yard.order(0, [["b.txt", 1, "mine"]]), yard.order(1, [["b.txt", 1, "yours"]])]
    first, _ = yard.play(units)
    again, agents = yard.play(units, again=first.run_id)

    assert (again.result, agents.calls) == (first.result, [])
    assert yard.git("branch", "--list", "hocket/*/integrated*").count("integrated") == 1


@pytest.mark.parametrize(
    ("options", "expected", "worst"),
    [
        ({}, 2.0, 80),
        ({"attempts": 0}, 0, 0),
        ({"on_conflict": "skip"}, 0, 0),
        ({"max_calls": 1}, 1, 1),
    ],
)
def test_the_forecast_is_a_twentieth_of_the_patches_and_at_most_all_attempts(
    options, expected, worst
):
    arguments = Arguments.model_validate({"work": [{}] * 40, **options})
    forecast = Integrate().calls(arguments)
    assert (forecast.expected, forecast.worst) == (expected, worst)
