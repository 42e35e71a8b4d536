"""Branches for patterns: checks by name, under the rules of a person, and none in a dry run."""

from __future__ import annotations

import json
import subprocess

import pytest

from hocket.api.approval import Judgement, Verdict
from hocket.api.patterns.arguments import PatternArguments
from hocket.api.patterns.context import CallCount
from hocket.testing import OpenSandbox, ScriptedBackend


class Command(PatternArguments):
    command: str


class Prune:
    """Opens a branch and runs one check in it."""

    name = "prune"
    version = 1
    arguments = Command

    async def run(self, context, arguments):
        async with context.branch("HEAD", "trial") as branch:
            if branch.obstacle is not None:
                return branch.obstacle
            put = await branch.put("0" * 64)
            await branch.undo()
            await branch.back_to(branch.base)
            commits = await branch.commit(["one"] if put.changed else [])
            examined = await branch.check(arguments.command)
            told = [examined.passed, examined.output, examined.refusal]
            files = await branch.files("0" * 64)
            return {"name": branch.name, "told": told, "commits": [*commits], "files": [*files]}

    def calls(self, _arguments):
        return CallCount(0, 0)


class Denies:
    """A policy that denies one command."""

    name = "denies"

    def judge(self, _call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, _call, use):
        denied = use.shown == "Bash(exit 0)"
        return Judgement(Verdict.DENY if denied else Verdict.ALLOW, "not here" if denied else "")


CHECKS = {"pass": "echo fine", "fail": "echo bad; exit 2", "denied": "exit 0"}


@pytest.fixture
def repository(theatre):
    """Give a project that is a repository, without the sandbox of the shell."""
    (theatre.project / ".hocket" / "config.toml").write_text('plugins.block = ["tools.shell"]')
    named = ["-c", "user.name=Pat", "-c", "user.email=pat@example.org"]
    for words in (["init", "-q"], [*named, "commit", "-qm", "begin", "--allow-empty"]):
        subprocess.run(["git", *words], cwd=theatre.project, check=True)  # noqa: S607
    return theatre


def prune(theatre, command, *, tool=True, **backend):
    agents = ScriptedBackend({}, **{"has_workspace": True, **backend})
    return theatre.play(
        "return await prune(args)",
        agents,
        args=command,
        imports="from hocket.script import prune\n",
        meta=f'"checks": {json.dumps(CHECKS)}',
        offers={"patterns": [Prune()], "policies": [Denies()]},
        plugins={"testing.sandbox": OpenSandbox()} if tool else {},
        real_time=True,
    )


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("pass", [True, "fine\n", None]),
        ("fail", [False, "bad\n", None]),
        ("denied", [False, "", 'check "denied": not here']),
    ],
)
def test_a_check_runs_as_the_rules_allow(repository, command, told):
    outcome = prune(repository, command)
    name = f"hocket/{outcome.run_id}/trial"
    assert outcome.result == {"name": name, "told": told, "commits": [], "files": []}


def test_without_a_sandbox_a_rule_has_to_name_it(repository):
    passed, output, refusal = prune(repository, "pass", tool=False).result["told"]
    assert (passed, output) == (False, "")
    assert "there is no sandbox here, and without one it needs the rule Bash(echo fine)" in refusal


def test_a_check_counts_as_passed_where_the_backend_says_so(repository):
    outcome = prune(repository, "fail", checks_pass=True)
    assert outcome.result["told"] == [True, "", None]


def test_a_name_that_nobody_declared_is_the_scripts_fault(repository):
    outcome = prune(repository, "nothing")
    assert outcome.status == "failed"
    assert '"nothing" is not in meta.checks; known: denied, fail, pass' in outcome.cause


def test_where_agents_have_no_files_the_branch_is_imagined(theatre):
    outcome = prune(theatre, "fail", has_workspace=False)
    told = {"name": "", "told": [True, "", None], "commits": [""], "files": []}
    assert outcome.result == told


def test_outside_of_git_there_is_an_obstacle(theatre):
    (theatre.project / ".hocket" / "config.toml").write_text('plugins.block = ["tools.shell"]')
    assert prune(theatre, "pass").result == "the project is in no git repository"
