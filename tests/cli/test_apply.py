"""`hocket apply` and `hocket clean`: what isolated agents did, put into the tree one works in."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from hocket.cli import main
from hocket.testing import ScriptedBackend, Stage, run_script

SOURCE = '''"""Edit."""
from hocket.script import attempt, parallel
meta = {"name": "edit"}


async def main():
    names = NAMES
    await parallel([attempt(name, label=name, isolation="worktree") for name in names])
'''


class Edits:
    """An agent that writes what its prompt says: `FILE=LINE`, where `+` is what stands there."""

    async def obey(self, call, context):
        name, _, line = call.prompt.partition("=")
        path = context.tools.workspace.path / name
        old = path.read_text() if path.exists() else ""
        path.write_text(line.replace("+", old) + "\n" if line else old)
        return "done"


def git(folder, *words):
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=Pat", "-c", "user.email=p@x.org", *words]
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, check=True)
    return done.stdout.decode()


def commit(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "more")


class Project:
    """A project, runs in it, and the command."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys = folder, capsys

    def run(self, *edits):
        """Let agents edit; gives the run."""
        agents = ScriptedBackend({"": Edits()}, has_workspace=True)
        source = SOURCE.replace("NAMES", repr([*edits]))
        stage = Stage(real_time=True, flags={"concurrency": 1})
        return run_script(source, agents, project=self.folder, stage=stage).run_id

    def apply(self, *words, code=0):
        """Type the command; gives the object, and the states by call."""
        self._capsys.readouterr()
        assert main(["apply", *words, "--json"]) == code
        told = json.loads(self._capsys.readouterr().out)
        return told, {one["call"]: one["state"] for one in told.get("patches", ())}

    def say(self, *words):
        self._capsys.readouterr()
        assert main([*words]) == 0
        return self._capsys.readouterr().out.splitlines()

    def text(self, name):
        return (self.folder / name).read_text()


@pytest.fixture
def plain(hocket_project, monkeypatch, capsys):
    (hocket_project / "app.py").write_text("one\n")
    monkeypatch.chdir(hocket_project)
    return Project(hocket_project, capsys)


@pytest.fixture
def repository(plain):
    (plain.folder / ".gitignore").write_text(".hocket/\nscript.py\n")
    git(plain.folder, "init", "-q")
    commit(plain.folder)
    return plain


def test_what_agents_changed_goes_into_the_tree_once(repository):
    run = repository.run("a=1", "b=2", "c=")

    told, states = repository.apply(run)
    assert states == {1: "applied", 2: "applied", 3: "applied"}
    assert told["patches"][0]["label"] == "a=1"
    assert (repository.text("a"), repository.text("b")) == ("1\n", "2\n")
    assert git(repository.folder, "diff", "--cached", "--name-only").split() == ["a", "b", "c"]
    assert set(repository.apply(run)[1].values()) == {"already applied"}

    commit(repository.folder)
    assert set(repository.apply(run)[1].values()) == {"already applied"}
    assert git(repository.folder, "status", "--porcelain") == ""


def test_calls_can_be_chosen_and_the_rest_come_later(repository):
    run = repository.run("a=1", "b=2", "c=3")

    assert repository.apply(run, "2")[1] == {2: "applied"}
    assert not (repository.folder / "a").exists()
    assert repository.apply(run)[1] == {1: "applied", 2: "already applied", 3: "applied"}


def test_a_dry_run_changes_nothing(repository):
    run = repository.run("a=1", "app.py=two", "app.py=three", "b=1")
    before = git(repository.folder, "status", "--porcelain")

    told, states = repository.apply(run, "--dry-run")

    assert told["dry_run"]
    assert states == {1: "would apply", 2: "would apply", 3: "conflict", 4: "not tried"}
    assert git(repository.folder, "status", "--porcelain") == before
    assert (repository.text("app.py"), (repository.folder / "a").exists()) == ("one\n", False)


def test_the_first_conflict_stops_it_and_says_how_to_go_on(repository):
    run = repository.run("a=1", "app.py=two", "app.py=three", "b=1", "c=1")

    told, states = repository.apply(run, code=1)

    assert states == {
        1: "applied",
        2: "applied",
        3: "conflict",
        4: "not tried",
        5: "not tried",
    }
    assert told["error"]["message"].startswith("call 3: it conflicts in app.py (app.py=three)")
    assert told["error"]["hint"].endswith(f"Then go on with the others: hocket apply {run} 4 5")
    assert "<<<<<<<" in repository.text("app.py")
    (repository.folder / "app.py").write_text("two and three\n")
    git(repository.folder, "add", "app.py")
    assert repository.apply(run, "4", "5")[1] == {4: "applied", 5: "applied"}
    assert repository.text("app.py") == "two and three\n"


def test_work_that_is_not_committed_is_not_written_over(repository):
    run = repository.run("app.py=two")
    (repository.folder / "app.py").write_text("precious\n")

    told, states = repository.apply(run, code=1)

    assert states == {1: "conflict"}
    assert "does not match index" in told["error"]["message"]
    assert told["error"]["hint"] == "Nothing was changed."
    assert repository.text("app.py") == "precious\n"


def test_later_changes_of_the_same_lines_do_not_hide_what_is_there(repository):
    first = repository.run("app.py=+two")
    repository.apply(first)
    commit(repository.folder)
    second = repository.run("app.py=+three")
    assert set(repository.apply(second)[1].values()) == {"applied"}
    assert set(repository.apply(second)[1].values()) == {"already applied"}
    assert repository.text("app.py") == "one\ntwo\nthree\n"


def test_outside_of_git_it_works_as_well(plain):
    run = plain.run("a=1", "app.py=two", "app.py=three")

    assert plain.apply(run, "--dry-run")[1][1] == "would apply"
    assert plain.apply(run, code=1)[1] == {1: "applied", 2: "applied", 3: "conflict"}
    assert (plain.text("a"), plain.text("app.py")) == ("1\n", "two\n")
    assert plain.apply(run, "1", "2")[1] == {1: "already applied", 2: "already applied"}


def test_a_call_without_changes_is_named(repository):
    run = repository.run("a=1")

    told, _ = repository.apply(run, "7", code=2)

    assert (
        told["error"]["message"] == f"call 7: run {run} keeps no changes of it; expected one of 1."
    )


def test_a_run_that_is_not_there_is_named(repository):
    assert "there is no such run" in repository.apply("beef", code=2)[0]["error"]["message"]


def test_a_patch_that_is_lost_is_told_before_anything_is_done(repository):
    run = repository.run("a=1", "b=2")
    for path in (repository.folder / ".hocket" / "runs" / run / "artifacts").iterdir():
        path.write_bytes(b"something else")

    told, _ = repository.apply(run, code=3)

    assert told["error"]["message"].startswith("call 1: its patch is missing or changed")
    assert f"branch hocket/{run}/1-a-1" in told["error"]["hint"]
    assert not (repository.folder / "a").exists()


def test_a_run_that_changed_nothing_has_nothing_to_apply(repository):
    run = repository.run()

    assert repository.apply(run)[1] == {}
    assert repository.say("apply", run) == []


def test_to_a_person_it_is_a_row_for_every_call(repository):
    run = repository.run("a=1", "app.py=two")

    assert repository.say("apply", run) == [
        "applied\t1\ta=1\t1\t1\t0",
        "applied\t2\tapp.py=two\t1\t1\t1",
    ]


def test_nothing_to_clean_is_no_news(plain):
    assert plain.say("clean") == []
    assert json.loads(plain.say("clean", "--json")[0]) == {
        "schema": 1,
        "command": "clean",
        "processes": 0,
        "trees": [],
        "patches": [],
    }


def test_a_record_that_nobody_can_read_is_told_and_stays(plain):
    plain.run("a=1")
    homes = plain.folder.parent / "homes"
    (shelf,) = homes.rglob("worktrees/*/")
    broken = shelf / "dead" / "1-x"
    broken.mkdir(parents=True)
    (broken / "record").write_text("{")

    (line,) = plain.say("clean")

    assert line.startswith("run dead, call 1-x: what it left stays where it is: ")
    assert broken.exists()
