"""A new test is accepted by commands alone: it passes, again and again, and notices a mutant."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from planted.backend import PlantedBackend
from planted.module import BODIES, FORM, TESTS, Module
from planted.repository import git

from hocket.api.calls import EndState, Outcome
from hocket.testing import OpenSandbox, Stage, resume_script, run_command
from hocket.testing.standin import Answered, Reply, StandIn, Used, serving


def agents(roles, **more):
    return PlantedBackend(roles, has_workspace=True, **more)


def stage():
    return Stage(real_time=True, plugins={"sandbox": OpenSandbox()}, flags={"concurrency": 4})


def play(world, project, *words, roles=None, **more):
    backend = agents(roles or world.agents(), **more)
    outcome = run_command(["/test-gen", ".", *words], backend, project=project, stage=stage())
    assert outcome.status == "completed", outcome.cause
    return outcome


def ends(outcome):
    return {one["unit"]: (one["state"], one["why"]) for one in outcome.result["data"]["changes"]}


def accepted(world, outcome):
    """Give the kinds of the writers whose tests are on the branch."""
    there = ends(outcome)
    places = [f"rates.py:{first}-{last}" for first, last in world.places]
    return [
        kind
        for kind, place in zip(world.kinds, places, strict=True)
        if there[place][0] in {"applied", "rerun"}
    ]


@pytest.mark.slow
def test_of_twelve_writers_none_of_the_five_bad_ones_gets_in_and_the_good_ones_do(hocket_project):
    world = Module().write(hocket_project)
    kinds = [*world.kinds]
    assert (kinds.count("good"), kinds.count("empty"), kinds.count("flaky")) == (7, 4, 1)
    outcome = play(world, hocket_project)

    assert set(accepted(world, outcome)) == {"good"}
    assert len(accepted(world, outcome)) >= 6
    (covered,) = outcome.result["data"]["coverage"]
    assert (covered["total"], len(covered["missing"])) == (12, 12 - covered["done"])
    assert outcome.result["complete"] is False


def test_each_bad_test_is_rejected_with_its_reason_and_the_good_one_is_on_the_branch(
    hocket_project,
):
    world = Module(("good", "empty", "flaky", "rude", "wrong")).write(hocket_project)
    outcome = play(world, hocket_project)

    assert [*ends(outcome).values()] == [
        ("applied", ""),
        ("rejected", "it passes whatever these lines do"),
        ("rejected", "it does not pass three times in a row"),
        ("rejected", "check: test"),
        ("rejected", "it does not pass three times in a row"),
    ]
    data = outcome.result["data"]
    test = "tests/test_gen__rates__L11_13.py"
    assert data["tables"][0]["rows"] == [["rates.py:11-13", test, 8, 0]]
    changed = git(hocket_project, "diff", "--name-only", "main", data["branch"]).split()
    assert changed == [test]
    text = git(hocket_project, "show", f"{data['branch']}:{test}")
    assert text.splitlines()[-1] == "# hocket: killed 8 of 8 mutants"
    assert git(hocket_project, "status", "--porcelain") == ""


def test_a_writer_who_changes_the_module_too_is_refused(hocket_project):
    world = Module(("good",)).write(hocket_project)
    roles = world.agents()

    def meddles(call, draws, context):
        path = context.tools.workspace.path / "rates.py"
        path.write_text(path.read_text() + "\nEASIER = True\n")
        return roles["write"](call, draws, context)

    outcome = play(world, hocket_project, roles={**roles, "write": meddles})
    assert [*ends(outcome).values()] == [("rejected", "it changed other files than the one test")]


def test_lines_that_cannot_be_reached_are_left_with_the_reason(hocket_project):
    world = Module(("good",)).write(hocket_project)
    gives_up = {"write": lambda: {"written": False, "why": "nobody calls it"}}
    outcome = play(world, hocket_project, roles=gives_up)

    assert [*ends(outcome).values()] == [("left", "nobody calls it")]
    assert outcome.result["complete"] is False


def test_what_is_beyond_the_limit_or_in_another_language_is_listed(hocket_project):
    world = Module(("good", "good", "good")).write(hocket_project)
    report = hocket_project / "coverage.lcov"
    report.write_text(report.read_text() + "SF:web/app.js\nDA:3,0\nend_of_record\n")
    outcome = play(world, hocket_project, "--max-paths", "1")

    assert [one[1] for one in ends(outcome).values()] == [
        "", "beyond --max-paths", "beyond --max-paths", "no mutants for this language",
    ]  # fmt: skip
    rest = ["rates.py:17-19", "rates.py:23-25"]
    assert outcome.result["data"]["cut"] == [
        {"what": "paths", "shown": 1, "total": 3, "rest": rest}
    ]
    assert outcome.result["complete"] is False


XML = """\
<?xml version="1.0" ?>
<coverage>
  <packages><package name="."><classes>
    <class name="rates.py" filename="rates.py" complexity="0">
      <lines>
        <line number="6" hits="1"/>
        {}
      </lines>
    </class>
  </classes></package></packages>
</coverage>
"""


def test_the_other_form_of_coverage_says_the_same(hocket_project):
    world = Module(("good",)).write(hocket_project)
    rows = "\n        ".join(f'<line number="{n}" hits="0"/>' for n in (11, 12, 13))
    (hocket_project / "coverage.xml").write_text(XML.format(rows))
    outcome = play(world, hocket_project, "--coverage", "coverage.xml")

    assert ends(outcome) == {"rates.py:11-13": ("applied", "")}
    assert outcome.result["complete"] is True


@pytest.mark.parametrize("words", [["other"], ["rates.p"]])
def test_where_nothing_is_uncovered_nobody_is_asked(hocket_project, words):
    world = Module(("good",)).write(hocket_project)
    backend = agents(world.agents())
    outcome = run_command(["/test-gen", *words], backend, project=hocket_project, stage=stage())
    assert outcome.result["report"].startswith("The coverage report names no line here")
    assert (outcome.result["complete"], backend.calls) == (True, [])


def test_of_a_fifth_that_fails_each_path_is_told_and_nothing_else_is_on_the_branch(hocket_project):
    world = Module(("good",) * 3).write(hocket_project)
    outcome = play(world, hocket_project, fail=0.2, seed=3)

    told = ends(outcome)
    assert {why for state, why in told.values() if state == "rejected"} <= {"planted"}
    data = outcome.result["data"]
    changed = git(hocket_project, "diff", "--name-only", "main", data["branch"]).split()
    assert len(changed) == len(accepted(world, outcome))
    missing = [one["unit"] for one in data["coverage"][0]["missing"]]
    assert missing == [unit for unit, (state, _) in told.items() if state == "rejected"]
    rows = data["tables"][0]["rows"]
    assert outcome.result["complete"] is not (bool(missing) or "not read" in str(rows))


def test_cut_off_after_the_tests_were_written_no_writer_is_bought_twice(hocket_project):
    """It comes to its end in a second life; what the first one had bought is not bought again."""
    world = Module(("good",) * 2).write(hocket_project)
    roles = world.agents()
    dead = {**roles, "tally": lambda: Outcome(EndState.ERROR, cause="planted")}
    first = play(world, hocket_project, roles=dead)
    assert (first.result["complete"], len(accepted(world, first))) == (False, 2)
    backend = agents(roles)
    again = resume_script(first.run_id, backend, project=hocket_project, stage=stage())

    assert [call.options.role for call in backend.calls] == ["tally"]
    assert again.result["complete"] is True
    assert [row[2:] for row in again.result["data"]["tables"][0]["rows"]] == [[8, 0]] * 2


def model(asked):
    """Write an empty test first; told what is wrong with it, write a good one."""
    text = asked.said[0].text
    if "Read the last line of each test" in text:
        branch, test = re.search(r'"branch":"([^"]+)".*"test":"([^"]+)"', text).groups()
        look = Used.with_input("Bash", command=f"git show {branch}:{test}")
        tests = [{"id": "p1", "killed": 8, "of": 8}]
        rows = (look, Answered({"tests": tests}))
    else:
        name = re.search(r'"test":"([^"]+)"', text)[1]
        writes = [
            Used.with_input("Write", file_path=name, content=FORM.format(body=BODIES[kind]).format(
                *Module().numbers(0))) for kind in ("empty", "good")
        ]  # fmt: skip
        done = Answered({"written": True})
        rows = (writes[0], done, writes[1], done)
    return Reply(blocks=(rows[min(asked.turns, len(rows) - 1)],))


def test_with_a_model_at_the_other_end_real_commands_judge_what_was_really_written(
    hocket_project, monkeypatch
):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    Module(("good",)).write(hocket_project)
    allowed = ["Write", "Bash(git show:*)"]
    with serving(StandIn(rules=model)) as server:
        text = f"permissions.allow = {json.dumps(allowed)}\n"
        text += f'[anthropic]\nbase_url = "{server.url}"\n[agent_loop]\nmodel = "standin"\n'
        Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(text)
        (hocket_project / ".hocket" / "config.toml").write_text(f'[checks]\ntest = "{TESTS}"\n')
        # The shell's own sandbox comes first; the open one is for machines without bubblewrap.
        plugins = {"sandbox": OpenSandbox()}
        stage = Stage(real_time=True, choices={"backend": "agent_loop"}, plugins=plugins)
        outcome = run_command(["/test-gen", "."], project=hocket_project, stage=stage)
        bodies = [json.dumps(entry.body) for entry in server.log]

    assert outcome.status == "completed", outcome.cause
    assert outcome.result["complete"] is True, outcome.result
    assert ends(outcome) == {"rates.py:11-13": ("applied", "")}
    assert [body for body in bodies if "it passes whatever these lines do" in body]
    assert "# hocket: killed 8 of 8 mutants" in bodies[-1]
