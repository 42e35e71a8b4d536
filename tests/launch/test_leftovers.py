"""What dead runs left is found at the next start: processes end, trees come home, notes say so."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from hashlib import sha256

import pytest

from hocket.launch import leftovers
from hocket.launch.trees import mark
from hocket.testing import ScriptedBackend, Stage, resume_script, run_script

SOURCE = '''"""Edit."""
from hocket.script import attempt
meta = {"name": "edit"}


async def main():
    return await attempt("edit", label="Edit it", isolation="worktree")
'''
LIVE = Stage(real_time=True)
LIFE = """
import os, signal, sys
from pathlib import Path
from hocket.testing import ScriptedBackend, Stage, run_script


class Dies:
    async def obey(self, call, context):
        if sys.argv[2]:
            (context.tools.workspace.path / "new.txt").write_text("new\\n")
        os.kill(os.getpid(), signal.SIGKILL)


agents = ScriptedBackend({"": Dies()}, has_workspace=True)
run_script(SOURCE, agents, project=Path(sys.argv[1]), stage=Stage(real_time=True))
"""


class Writes:
    """An agent that makes a file."""

    async def obey(self, _call, context):
        (context.tools.workspace.path / "new.txt").write_text("new\n")
        return "done"


def agents(answer="done"):
    return ScriptedBackend({"": answer}, has_workspace=True)


def killed(project, *, writes=True):
    """Let a process of its own live a run until its agent kills it; gives the run."""
    code = f"SOURCE = {SOURCE!r}\n{LIFE}"
    command = [sys.executable, "-c", code, str(project), "yes" if writes else ""]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    (folder,) = (project / ".hocket" / "runs").glob("????")
    return folder.name


def trees(project):
    return [*(project.parent / "homes").rglob("worktrees/*/*/*/record")]


@pytest.fixture
def plain(hocket_project):
    (hocket_project / "app.py").write_text("one\n")
    return hocket_project


@pytest.fixture
def repository(plain):
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for words in (["init", "-q"], ["add", "app.py"], ["commit", "-qm", "begin"]):
        command = ["git", "-c", "user.name=Pat", "-c", "user.email=p@x.org", *words]
        subprocess.run(command, cwd=plain, env=clean, capture_output=True, check=True)
    return plain


def test_a_resume_brings_home_what_its_earlier_life_left(repository):
    run_id = killed(repository)
    assert len(trees(repository)) == 1

    outcome = resume_script(run_id, agents(Writes()), project=repository, stage=LIVE)

    place = f"branch hocket/{run_id}/1-edit-it"
    told = f"run {run_id}, call 1-edit-it: its tree is gone, what it had changed is kept"
    assert outcome.report["notes"] == [f"{told} (1 file): {place}"]
    changes = outcome.result["changes"]
    assert changes["branch"] == f"hocket/{run_id}/1-edit-it-2"
    # Both lives changed the same, so there is one patch.
    assert [path.name for path in (outcome.folder / "artifacts").iterdir()] == [changes["patch"]]
    assert trees(repository) == []


def test_the_next_run_of_the_project_cleans_up_and_keeps_it_with_the_dead_one(plain):
    run_id = killed(plain)

    outcome = run_script(SOURCE, agents(), project=plain, stage=LIVE)

    (note,) = outcome.report["notes"]
    assert note.startswith(f"run {run_id}, call 1-edit-it: its tree is gone")
    (kept,) = (plain / ".hocket" / "runs" / run_id / "artifacts").iterdir()
    assert b"+new" in kept.read_bytes()
    assert f"artifact {kept.name[:12]}" in note
    assert trees(plain) == []


def test_a_tree_in_which_nothing_was_changed_just_goes(repository):
    run_id = killed(repository, writes=False)

    outcome = run_script(SOURCE, agents(), project=repository, stage=LIVE)

    told = f"run {run_id}, call 1-edit-it: nothing was changed in its tree, which is gone"
    assert outcome.report["notes"] == [told]


def cleaned(place):
    return asyncio.run(leftovers.clean(place.open()))


def test_what_a_deleted_run_left_is_kept_apart(place):
    place.write("app.py", "one\n")
    run_id = killed(place.root)
    place.open().store().remove(run_id)

    found = cleaned(place)

    (path,) = (place.root.parent / "homes" / "hocket_data_home" / "patches").iterdir()
    assert b"+new" in path.read_bytes()
    assert path.name == f"{sha256(path.read_bytes()).hexdigest()}.patch"
    assert found.orphans == (str(path),)
    assert found.notes[-1] == f"what a deleted run had left is kept as {path}"
    assert trees(place.root) == []


def test_a_run_that_somebody_takes_meanwhile_is_theirs(place):
    place.write("app.py", "one\n")
    run_id = killed(place.root)
    held = place.open().store().hold(run_id)
    try:
        assert cleaned(place) == leftovers.Found(0, ())
        assert len(trees(place.root)) == 1
    finally:
        held.release()
    assert len(cleaned(place).trees) == 1


def test_a_dead_run_whose_folder_is_broken_holds_up_nobody(place):
    place.write("app.py", "one\n")
    run_id = killed(place.root)
    artifacts = place.root / ".hocket" / "runs" / run_id / "artifacts"
    artifacts.rmdir() if artifacts.is_dir() else None
    artifacts.write_text("a file where a folder must be")

    (one,) = cleaned(place).trees

    assert one.run_id == run_id
    assert one.trouble
    assert "what it left stays where it is" in leftovers.sentence(one)
    assert len(trees(place.root)) == 1


def test_a_start_that_cannot_clean_up_says_so_and_goes_on(plain, monkeypatch):
    killed(plain)
    monkeypatch.setenv("PATH", "/nonexistent")
    body = SOURCE.replace(', isolation="worktree"', "")

    outcome = run_script(body, agents(), project=plain, stage=LIVE)

    assert outcome.status == "completed"
    (note,) = outcome.report["notes"]
    assert note.startswith("Nothing was cleaned up: isolation: there is no program 'git'")


def test_processes_of_dead_runs_end_and_no_others(place):
    store = place.open().store()
    held = store.create("beef")
    environment = {"PATH": os.defpath}
    marks = [f"{mark(run, place.root)}/1" for run in ("dead", "beef")]
    marks.append(f"{mark('dead', place.root.parent)}/1")
    processes = [
        subprocess.Popen(["/bin/sleep", "300"], env={**environment, "HOCKET_CALL": one})
        for one in marks
    ]
    try:
        found = cleaned(place)
        assert found.notes == ["ended 1 process that a dead run had left"]
        assert processes[0].wait() == -signal.SIGKILL
        assert [one.poll() for one in processes[1:]] == [None, None]
    finally:
        for one in processes:
            one.kill()
            one.wait()
        held.release()
