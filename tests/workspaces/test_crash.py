"""Killed at any step, a call's changes are in its tree or in a patch; the next start finds it."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

AFTER = pytest.param("after", marks=pytest.mark.slow)
KEPT = pytest.mark.parametrize("how", ["before", AFTER])
EVERY = pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.slow)])
"""At each third command, from the last one on; at every one takes its time."""


def lived(person, agent, *, keep=None, run_id="run1"):
    """Let a process of its own run a call; gives the signal that ended it, or 0."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            asyncio.run(story(person, agent, keep or person.keep, run_id))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


async def story(person, agent, keep, run_id):
    async with person.workspaces(run_id, keep=keep).open(person.call()) as workspace:
        agent(workspace.path)
        (person.cache / "agent was here").touch()


def clean(person, run_id="run1"):
    return asyncio.run(person.workspaces(run_id).clean())


def trees(person):
    return [
        path for path in person.cache.glob("worktrees/*/*/*/tree/*") if (path / "app.py").exists()
    ]


def survives(person, owned):
    """Start again after a kill: what the agent did is home, nothing is left, and all only once."""
    worked = (person.cache / "agent was here").exists()
    (person.cache / "agent was here").unlink(missing_ok=True)
    assert trees(person) or person.kept or not worked
    troubles = [one.trouble for one in clean(person) if one.trouble]
    assert troubles == []
    assert person.left() == []
    assert clean(person) == []
    assert person.owned() == owned
    assert len(person.kept) == worked
    branches = [name for name in person.branches() if name.startswith("hocket/")]
    assert len(branches) == worked
    for name in branches:
        assert person.git("show", f"{name}:new/deep/file.txt") == b"new\n"
        person.git("branch", "-D", name)
    for path in (person.cache.parent / "kept").glob("*"):
        path.unlink()
    return worked


@KEPT
@EVERY
def test_a_kill_at_any_command_of_git(person, trap, how, every):
    owned = person.owned()
    with trap.laid():
        assert lived(person, person.change) == 0
        number = len(trap.commands)
        assert survives(person, owned)
        worked = []
        for when in range(number, 0, -every):
            trap.set(when, "KILL", how)
            assert lived(person, person.change) == signal.SIGKILL
            trap.set(0)
            worked.append(survives(person, owned))
    assert worked == sorted(worked, reverse=True)
    assert (worked[0], worked[-1]) == (True, False)


@KEPT
def test_a_kill_while_the_patch_is_kept(person, how):
    def keep(patch):
        if how == "after":
            person.keep(patch)
        os.kill(os.getpid(), signal.SIGKILL)

    owned = person.owned()
    assert lived(person, person.change, keep=keep) == signal.SIGKILL
    assert survives(person, owned)


def test_a_kill_while_the_agent_works(person):
    owned = person.owned()

    def agent(tree):
        person.change(tree)
        (person.cache / "agent was here").touch()
        os.kill(os.getpid(), signal.SIGKILL)

    assert lived(person, agent) == signal.SIGKILL
    assert len(trees(person)) == 1
    assert survives(person, owned)


def test_a_kill_of_the_clean_up_itself(person, trap):
    def agent(tree):
        person.change(tree)
        (person.cache / "agent was here").touch()
        os.kill(os.getpid(), signal.SIGKILL)

    owned = person.owned()
    with trap.laid():
        lived(person, agent)
        trap.set(0)
        clean(person)
        number = len(trap.commands)
        assert survives(person, owned)
        for when in range(1, number + 1, 3):
            assert lived(person, agent) == signal.SIGKILL
            trap.set(when, "KILL", "after")
            pid = os.fork()
            if pid == 0:
                try:
                    clean(person)
                finally:
                    os._exit(0)
            assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
            trap.set(0)
            assert survives(person, owned)


@pytest.mark.parametrize("what", ["killed", "killed in keep"])
def test_a_copy_is_brought_home_as_well(plain, what):
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def agent(tree):
        plain.change(tree)
        if what == "killed":
            die()

    before = plain.files(plain.project)
    assert lived(plain, agent, keep=die) == signal.SIGKILL
    (cleaned,) = clean(plain)
    assert (cleaned.run_id, cleaned.name, cleaned.trouble) == ("run1", "7-fix-the-tests", None)
    assert list(plain.kept) == [cleaned.changes.patch]
    assert cleaned.changes.files == 11
    assert (clean(plain), plain.files(plain.project)) == ([], before)
    assert not list(plain.cache.glob("worktrees/*/run1"))
