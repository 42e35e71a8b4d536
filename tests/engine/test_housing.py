"""Isolated calls: a tree of their own, whose changes come home as a patch, whatever happens."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from dataclasses import dataclass

import pytest

from hocket.api.calls import EndState, Options, Outcome
from hocket.testing import Fail, Hang, ScriptedBackend


@dataclass
class Does:
    """An agent that does what a function does with its tree, and then answers."""

    work: object
    then: object = "done"

    async def obey(self, _call, context):
        self.work(context.tools.workspace)
        return self.then


def writes(name="new.txt", text="new\n"):
    return lambda workspace: (workspace.path / name).write_text(text)


def git(folder, *words):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=Pat", "-c", "user.email=p@x.org", *words]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, check=True).stdout


@pytest.fixture
def repository(theatre):
    """Make the theatre's project a repository with one commit."""
    folder = theatre.project
    (folder / "app.py").write_text("one\n")
    (folder / ".gitignore").write_text(".hocket/\nscript.py\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "begin")
    return theatre


def play(theatre, body, answers, **stage):
    backend = ScriptedBackend(answers, has_workspace=True)
    return theatre.play(body, backend, real_time=True, **stage)


def journal(outcome, kind):
    lines = (outcome.folder / "journal.jsonl").read_text("utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["t"] == kind]


def worktrees(theatre):
    return git(theatre.project, "worktree", "list").splitlines()[1:]


ONE = "return await attempt('edit', label='Edit it', isolation='worktree')"


def test_what_a_call_changed_is_in_its_record_and_the_same_on_replay(repository):
    seen = []

    def work(workspace):
        seen.append(workspace)
        (workspace.path / "app.py").write_text("one\ntwo\n")

    outcome = play(repository, ONE, {"": Does(work)})

    changes = outcome.result["changes"]
    branch = f"hocket/{outcome.run_id}/1-edit-it"
    head = git(repository.project, "rev-parse", "HEAD").decode().strip()
    assert (seen[0].kind, seen[0].branch, seen[0].base) == ("worktree", branch, head)
    assert {**changes, "patch": ""} == {
        "patch": "",
        "branch": branch,
        "base": head,
        "files": 1,
        "insertions": 1,
        "deletions": 0,
    }
    assert b"+two" in (outcome.folder / "artifacts" / changes["patch"]).read_bytes()
    assert git(repository.project, "show", f"{branch}:app.py") == b"one\ntwo\n"
    assert (repository.project / "app.py").read_text() == "one\n"
    assert worktrees(repository) == []

    again = repository.again(outcome, {}, real_time=True)
    assert (again.result, again.prompts) == (outcome.result, [])
    assert journal(outcome, "ended")[0]["changes"] == changes


def test_a_call_that_changed_nothing_says_so_and_leaves_no_branch(repository):
    outcome = play(repository, ONE, {"": "looked at it"})

    assert outcome.result["changes"] is None
    assert git(repository.project, "branch", "--list", "hocket/*") == b""
    assert "changes" not in journal(outcome, "ended")[0]


def test_a_call_that_fails_keeps_what_it_did(repository):
    outcome = play(repository, ONE, {"": Does(writes(), Fail(EndState.STALLED, "silent"))})

    assert (outcome.result["state"], outcome.result["changes"]["files"]) == ("stalled", 1)
    assert worktrees(repository) == []


def test_a_call_that_runs_out_of_time_keeps_what_it_did(repository):
    body = "return await attempt('edit', isolation='worktree', timeout=0.2)"

    outcome = play(repository, body, {"": Does(writes(), Hang())})

    assert (outcome.result["state"], outcome.result["changes"]["files"]) == ("timeout", 1)


def test_a_call_that_a_person_ends_tells_where_its_work_is(repository):
    def skips(run):
        async def skip():
            flight = run.calls.in_flight[0]
            run.calls.end([flight], EndState.SKIPPED, "by a person")

        def work(workspace):
            writes()(workspace)
            asyncio.get_running_loop().create_task(skip())

        answers[""] = Does(work, Hang())

    answers = {"": "replaced before it is asked"}
    backend = ScriptedBackend({"": lambda _call: answers[""]}, has_workspace=True)

    outcome = repository.play(ONE, backend, real_time=True, ready=skips)

    branch = f"hocket/{outcome.run_id}/1-edit-it"
    assert outcome.result["state"] == "skipped"
    assert f"Edit it: it was cut off; what it had changed is kept: {branch}" in outcome.log
    assert git(repository.project, "show", f"{branch}:new.txt") == b"new\n"
    assert worktrees(repository) == []


def test_without_isolation_agents_work_in_the_project(repository):
    seen = []
    outcome = play(repository, "return await attempt('x')", {"": Does(seen.append)})

    assert (seen[0].path, seen[0].kind) == (repository.project, "shared")
    assert outcome.result["changes"] is None


def test_a_backend_without_files_makes_no_tree(repository):
    outcome = repository.play(ONE, {"": "an answer"})

    assert (outcome.result["state"], outcome.result["changes"]) == ("ok", None)
    assert not list((repository.project.parent / "homes").rglob("worktrees"))


def test_outside_of_git_it_is_a_copy(theatre):
    (theatre.project / "app.py").write_text("one\n")

    outcome = play(theatre, ONE, {"": Does(writes("app.py", "one\ntwo\n"))})

    changes = outcome.result["changes"]
    assert (changes["branch"], changes["base"], changes["files"]) == (None, None, 1)
    assert (theatre.project / "app.py").read_text() == "one\n"


def test_a_repository_without_a_commit_is_refused_before_anything_is_asked(theatre):
    git(theatre.project, "init", "-q")

    outcome = play(theatre, ONE, {"": "never"})

    assert outcome.result["state"] == "refused"
    assert outcome.result["cause"] == "isolation: the repository has no commit yet"
    assert outcome.prompts == []
    assert any('base="tree"' in line for line in outcome.log)


def settings(theatre, text):
    home = theatre.project.parent / "homes" / "hocket_config_home"
    (home / "config.toml").write_text(text)


def test_a_setup_that_fails_is_an_error_of_the_call_and_its_words_are_no_cause(repository):
    settings(repository, "[worktree]\nsetup = ['echo no such package; exit 3']\n")

    outcome = play(repository, ONE, {"": "never"})

    cause = "setup: `echo no such package; exit 3` ended with exit 3"
    assert (outcome.result["state"], outcome.result["cause"]) == ("error", cause)
    assert outcome.prompts == []
    assert any("It said: no such package" in line for line in outcome.log)
    assert worktrees(repository) == []


def test_a_base_of_the_tree_takes_along_what_is_not_committed(repository):
    settings(repository, "[worktree]\nbase = 'tree'\n")
    (repository.project / "fresh.txt").write_text("fresh\n")
    seen = []

    def work(workspace):
        seen.append((workspace.path / "fresh.txt").read_text())

    assert play(repository, ONE, {"": Does(work)}).result["changes"] is None
    assert seen == ["fresh\n"]


def test_a_tree_that_cannot_come_home_is_no_success(repository):
    def work(workspace):
        writes()(workspace)
        workspace.path.rename(workspace.path.with_name("elsewhere"))

    outcome = play(repository, ONE, {"": Does(work)})

    assert (outcome.result["state"], outcome.result["partial"]) == ("error", "done")
    assert outcome.result["cause"].startswith("workspace: what the agent changed could not be")
    assert any("Nothing was deleted" in line for line in outcome.log)


def test_a_failure_whose_tree_cannot_come_home_stays_that_failure(repository):
    def work(workspace):
        workspace.path.rename(workspace.path.with_name("elsewhere"))

    outcome = play(repository, ONE, {"": Does(work, Fail(EndState.STALLED, "silent"))})

    assert (outcome.result["state"], outcome.result["cause"]) == ("stalled", "silent")
    assert journal(outcome, "ended")[0]["notes"][0].startswith("workspace: ")


def test_a_cache_that_cannot_be_written_is_an_error_of_the_call(repository, monkeypatch):
    blocked = repository.project.parent / "blocked"
    blocked.write_text("a file")
    monkeypatch.setenv("HOCKET_CACHE_HOME", str(blocked))

    outcome = play(repository, ONE, {"": "never"})

    assert outcome.result["state"] == "error"
    assert outcome.result["cause"] == "workspace: Not a directory"


def test_an_agent_of_an_isolated_one_has_a_tree_of_its_own(repository):
    seen = []

    class Asks:
        async def obey(self, call, context):
            seen.append(context.tools.workspace)
            if call.prompt == "edit":
                return (await context.spawn("child", Options())).value
            writes("child.txt")(context.tools.workspace)
            return Outcome(EndState.OK, "from the child")

    outcome = play(repository, ONE, {"": Asks()}, flags={"concurrency": 2})

    assert outcome.result["value"] == "from the child"
    assert [one.kind for one in seen] == ["worktree", "worktree"]
    assert seen[0].path != seen[1].path
    assert not (repository.project / "child.txt").exists()
    assert [one["changes"]["files"] for one in journal(outcome, "ended") if "changes" in one] == [1]
