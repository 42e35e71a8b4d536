"""Candidates are compared fairly: the better one is named, and equal ones are not set apart."""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import NormalDist

import pytest
from planted.backend import PlantedBackend
from planted.trials import SPEC, Trials

from hocket.api.calls import EndState, Outcome
from hocket.testing import OpenSandbox, Stage, resume_script, run_command
from hocket.testing.standin import Answered, Reply, StandIn, Used, serving

REAL = Stage(real_time=True, plugins={"sandbox": OpenSandbox()})
ALIKE = ("amber", "cedar")
ADDS = '''\
"""Add."""

from hocket.script import args

meta = {"name": "adds", "description": "Add"}


async def main():
    left, right = args.split(" + ")
    return str(int(left) + int(right))
'''


def agents(roles, **more):
    """Give scripted agents; a bundle's limits count as held, for nothing is in the way."""
    return PlantedBackend(roles, has_workspace=True, **more)


def play(world, project, *words, roles=None, stage=None, **more):
    backend = agents(roles or world.agents(), **more)
    stage = stage or Stage(flags={"concurrency": 16, "max_agents": 1000})
    outcome = run_command(["/evals", SPEC, *words], backend, project=project, stage=stage)
    assert outcome.status == "completed", outcome.cause
    return outcome, backend


def data(outcome):
    return outcome.result["data"]


def said(outcome, title):
    (found,) = [one for one in data(outcome)["tables"] if one["title"] == title]
    return found["rows"]


def judged(outcome):
    """Give the winner, and whether the two equal ones are called different."""
    better = {(row["a"], row["b"]): row["better"] for row in data(outcome)["differences"]}
    return data(outcome)["winner"], better[ALIKE] is not None


def test_the_better_of_three_is_named_and_the_equal_ones_are_not_set_apart(hocket_project):
    world = Trials(seed=2).write(hocket_project)
    outcome, backend = play(world, hocket_project)

    assert judged(outcome) == (world.best, False)
    assert outcome.result["report"] == (
        "`birch` did better than each of the others. 540 of 540 tries were graded."
    )
    assert outcome.result["complete"] is True
    assert len(backend.calls) == 3 * 60 * 3
    rows = {row[:2] == ["amber", "cedar"]: row[-1] for row in said(outcome, "Paired differences")}
    assert rows == {True: "no difference shown", False: "birch"}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_of_two_hundred_comparisons_the_best_is_named_and_the_equal_ones_rarely_differ(
    hocket_project,
):
    told = []
    for seed in range(200):
        world = Trials(seed=1000 + seed).write(hocket_project)
        told.append(judged(play(world, hocket_project, "--seed", str(seed))[0]))
    assert sum(winner == "birch" for winner, _ in told) / 200 >= 0.95
    assert sum(differ for _, differ in told) / 200 <= 0.08


def test_nobody_goes_first_and_nobody_knows_who_answered(hocket_project):
    world = Trials(cases=20).write(hocket_project)
    outcome, backend = play(world, hocket_project, "--grade", "rubric", "--repeats", "1")

    order = [call.options.model for call in backend.calls if call.options.role == "try"]
    assert sorted(order) == sorted([*world.names] * 20)
    places = {name: [at for at, one in enumerate(order) if one == name] for name in world.names}
    assert all(20 < sum(places[name]) / 20 < 40 for name in places)
    others = [call for call in backend.calls if call.options.role in {"judge", "prefer"}]
    assert len(others) == 60 + 20 * 3 * 2
    assert not [call for call in others for name in world.names if name in call.prompt]
    tries = [call for call in backend.calls if call.options.role == "try"]
    assert not [call for call in tries if "expect" in call.prompt]
    assert {call.options.max_tokens for call in tries} == {20000}
    assert outcome.result["complete"] is True


def test_a_judge_who_likes_what_comes_first_prefers_nobody(hocket_project):
    world = Trials(rates=(1.0, 1.0, 0.0), cases=8).write(hocket_project)
    outcome, _ = play(world, hocket_project, "--grade", "rubric", "--repeats", "1")

    assert said(outcome, "Pairs, in both orders") == [
        ["amber", "birch", 0, 0, 8],
        ["amber", "cedar", 8, 0, 0],
        ["birch", "cedar", 8, 0, 0],
    ]
    assert data(outcome)["winner"] is None


def test_the_figures_are_those_of_the_books(hocket_project):
    world = Trials(cases=30, seed=4).write(hocket_project)
    outcome, _ = play(world, hocket_project, "--repeats", "2")

    rights = {
        name: {at: [world.right(name, f"c{at}", n) for n in (1, 2)] for at in range(30)}
        for name in world.names
    }
    for row in data(outcome)["rates"]:
        marks = [mark for pair in rights[row["candidate"]].values() for mark in pair]
        assert (row["passed"], row["graded"]) == (sum(marks), 60)
        assert row["interval"] == pytest.approx(wilson(sum(marks), 60), abs=1e-3)
    for row in data(outcome)["differences"]:
        a, b = rights[row["a"]], rights[row["b"]]
        diffs = [(sum(a[at]) - sum(b[at])) / 2 for at in a]
        mean = sum(diffs) / 30
        half = 1.96 * (sum((one - mean) ** 2 for one in diffs) / 30 / 30) ** 0.5
        assert row["rate"] == pytest.approx(mean)
        assert row["interval"] == pytest.approx([mean - half, mean + half], abs=0.04)
    single, oracle = (row[1] for row in said(outcome, "For routers"))
    best = [max(sum(rights[name][at]) / 2 for name in rights) for at in range(30)]
    assert oracle == f"{100 * sum(best) / 30:.1f} %"
    assert float(single.split()[0]) <= float(oracle.split()[0])


def wilson(passed, total):
    """Compute the interval in the other way: as the two roots of its quadratic equation."""
    z, rate = NormalDist().inv_cdf(0.975), passed / total
    a, b, c = 1 + z * z / total, -(2 * rate + z * z / total), rate * rate
    root = (b * b - 4 * a * c) ** 0.5
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)]


def test_a_command_grades_by_its_exit_code_and_gets_the_case_and_the_answer(hocket_project):
    world = Trials(rates=(1.0, 0.0), cases=4).write(hocket_project)
    outcome, _ = play(world, hocket_project, "--grade", "check", "--repeats", "1", stage=REAL)

    counts = {row["candidate"]: (row["passed"], row["graded"]) for row in data(outcome)["rates"]}
    assert counts == {"amber": (0, 4), "birch": (4, 4)}
    assert data(outcome)["winner"] == "birch"


def test_a_command_that_may_not_run_grades_nothing(hocket_project):
    world = Trials(rates=(1.0, 0.0), cases=2).write(hocket_project)
    stage = Stage(real_time=True)
    outcome, _ = play(world, hocket_project, "--grade", "check", "--repeats", "1", stage=stage)

    assert [row["graded"] for row in data(outcome)["rates"]] == [0, 0]
    assert (data(outcome)["winner"], outcome.result["complete"]) == (None, False)


def test_each_try_may_have_a_tree_of_its_own(hocket_project):
    world = Trials(rates=(1.0, 0.0), cases=1).write(hocket_project)
    trees = []

    def tries(call, draws, context):
        trees.append(context.tools.workspace.path)
        return world.agents()["try"](call, draws)

    words = ("--worktree", "--repeats", "2")
    play(world, hocket_project, *words, roles={"try": tries}, stage=REAL)
    assert len({*trees} - {hocket_project}) == 4


def test_a_workflow_is_a_candidate_too(hocket_project):
    world = Trials(rates=(1.0, 0.0), cases=2)
    world.write(hocket_project)
    folder = hocket_project / ".hocket" / "workflows"
    folder.mkdir()
    (folder / "adds.py").write_text(ADDS)
    rows = [{"candidate": "adds", "workflow": "adds"}, *world.rows()]
    (hocket_project / SPEC).write_text("".join(json.dumps(row) + "\n" for row in rows))
    outcome, _ = play(world, hocket_project, "--repeats", "1")

    assert [row["passed"] for row in data(outcome)["rates"]] == [2, 0, 2]


@pytest.mark.parametrize(
    "rows",
    [
        [{"case": "c1", "input": "1 + 7", "expect": "8"}],
        [{"candidate": "amber"}],
        [{"candidate": "amber"}, {"case": "c1", "input": "1 + 7"}],
    ],
)
def test_a_file_that_says_too_little_is_told_and_nobody_is_asked(hocket_project, rows):
    world = Trials().write(hocket_project)
    (hocket_project / SPEC).write_text("".join(json.dumps(row) + "\n" for row in rows))
    outcome, backend = play(world, hocket_project)

    assert outcome.result["report"].startswith("The file names no candidate or no case")
    assert (outcome.result["complete"], backend.calls) == (False, [])


def test_a_fifth_that_fails_is_no_measurement_and_moves_no_rate(hocket_project):
    world = Trials(rates=(1.0, 0.5, 0.5), cases=30, seed=1).write(hocket_project)
    outcome, _ = play(world, hocket_project, fail=0.2, seed=1)

    (covered,) = data(outcome)["coverage"]
    assert (covered["total"], covered["done"] < 270) == (270, True)
    assert len(covered["missing"]) == 270 - covered["done"]
    assert {one["cause"] for one in covered["missing"]} == {"planted"}
    rates = {row["candidate"]: row for row in data(outcome)["rates"]}
    assert rates["birch"]["rate"] == 1.0
    assert sum(row["graded"] for row in rates.values()) == covered["done"]
    assert outcome.result["complete"] is False


def test_judges_that_fail_are_no_verdict(hocket_project):
    world = Trials(rates=(1.0, 0.0), cases=3).write(hocket_project)
    dead = lambda: Outcome(EndState.ERROR, cause="planted")  # noqa: E731
    roles = {**world.agents(), "judge": dead, "prefer": dead}
    outcome, _ = play(world, hocket_project, "--grade", "rubric", "--repeats", "1", roles=roles)

    assert [row["graded"] for row in data(outcome)["rates"]] == [0, 0]
    assert said(outcome, "Pairs, in both orders") == [["amber", "birch", 0, 0, 3]]
    assert {one["cause"] for one in data(outcome)["coverage"][0]["missing"]} == {"not graded"}


@pytest.mark.slow
def test_a_run_that_was_cut_off_goes_on_and_comes_to_the_same(hocket_project):
    world = Trials(cases=10, seed=5).write(hocket_project)
    whole, every = play(world, hocket_project, "--repeats", "1")
    begun = []

    def dies(call, draws):
        begun.append(call)
        if len(begun) > 15:
            return Outcome(EndState.ERROR, cause="planted")
        return world.agents()["try"](call, draws)

    first, some = play(world, hocket_project, "--repeats", "1", roles={"try": dies})
    assert first.result["complete"] is False
    done = {call.key for call in some.calls[:15]}
    backend = agents(world.agents())
    again = resume_script(first.run_id, backend, project=hocket_project)

    assert again.result == whole.result
    assert not done & {call.key for call in backend.calls}
    assert len(done) + len(backend.calls) == len(every.calls) == 30


def model(asked):
    """Write a file in its tree, then answer; what the candidate's prompt says decides how."""
    if not asked.turns:
        return Reply(blocks=(Used.with_input("Write", file_path="note.txt", content="x"),))
    is_good = "Be right." in asked.said[0].text
    return Reply(blocks=(Answered({"answer": "8" if is_good else "9"}),))


def test_with_a_model_at_the_other_end_each_try_works_in_its_own_tree(hocket_project, monkeypatch):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    rows = [
        {"candidate": "quick", "prompt": "Be quick."},
        {"candidate": "right", "prompt": "Be right."},
    ]
    rows += [{"case": f"c{at}", "input": "1 + 7", "expect": "8"} for at in (1, 2)]
    Trials().write(hocket_project)
    (hocket_project / SPEC).write_text("".join(json.dumps(row) + "\n" for row in rows))
    with serving(StandIn(rules=model)) as server:
        text = f'permissions.allow = ["Write"]\n[anthropic]\nbase_url = "{server.url}"\n'
        text += '[agent_loop]\nmodel = "standin"\n'
        Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(text)
        stage = Stage(real_time=True, choices={"backend": "agent_loop"})
        words = ["/evals", SPEC, "--repeats", "1", "--worktree", "--tools", "Write"]
        outcome = run_command(words, project=hocket_project, stage=stage)
        first = [entry.body for entry in server.log if len(entry.body["messages"]) == 1]

    assert outcome.status == "completed", outcome.cause
    assert [row["passed"] for row in data(outcome)["rates"]] == [0, 2]
    assert {"Write"} <= {tool["name"] for tool in first[0]["tools"]}
    assert not [body for body in first if "quick" in str(body) and "right" in str(body)]
    assert not (hocket_project / "note.txt").exists()
