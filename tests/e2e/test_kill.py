"""hocket is killed while sixteen agents run shell commands in worktrees, and goes on."""

from __future__ import annotations

import os
import signal

import pytest

pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
pytestmark = pytest.mark.timeout(180)

SLEEPERS, QUICK = 16, 2
SCRIPT = f'''\
"""Agents that write a note each; most of them then wait for a command."""

from hocket.script import attempt, parallel

meta = {{"name": "notes", "description": "Write notes"}}


async def main():
    prompts = [f"id=quick{{n}}; Write quick note {{n}}." for n in range({QUICK})]
    prompts += [f"id=slow{{n}}; Write slow note {{n}}." for n in range({SLEEPERS})]
    done = await parallel(
        [
            attempt(text, label=text.split(";")[0], tools=["Write", "Bash"], isolation="worktree")
            for text in prompts
        ]
    )
    return [[one["state"], one["changes"]["files"]] for one in done]
'''


def steps(name, command=""):
    """Script the model for one agent: a note, a command, an answer."""
    note = f'tool=Write{{"file_path": "{name}.txt", "content": "{name}\\n"}};'
    shell = f'then; tool=Bash{{"command": "{command}"}}; ' if command else ""
    return f"{note} {shell}then; answer=done;"


def rules():
    """Let the slow ones sleep for long in their first life, and briefly in the next one."""
    for number in range(QUICK):
        yield {"text": f"quick note {number}.", "do": steps(f"quick{number}")}
    for number in range(SLEEPERS):
        name, fits = f"slow{number}", {"text": f"slow note {number}."}
        for _ in ("the note", "the command"):
            yield {**fits, "occurrence": 0, "do": steps(name, "sleep 600")}
        yield {**fits, "do": steps(name, "sleep 0.1")}


def sleeping(world):
    """List the commands of agents that are at work now."""
    return [pid for pid, words in world.marked().items() if words == "sleep 600 "]


NAMES = [f"quick{n}" for n in range(QUICK)] + [f"slow{n}" for n in range(SLEEPERS)]


@pytest.fixture
def dead(world):
    """Give a world in which hocket was killed while its agents ran commands in worktrees."""
    world.repository({"readme.md": "notes\n", "notes.py": SCRIPT})
    world.serve(rules())
    world.settings(["Write", "Bash(sleep:*)"])
    life = world.begin("run", "notes.py", "--yes", "--quiet")
    world.until(lambda: len(sleeping(world)) >= SLEEPERS)
    world.until(lambda: len(world.journal("ended")) == QUICK)
    assert len(world.worktrees()) == SLEEPERS
    assert all("locked hocket " in one for one in world.worktrees())
    os.kill(life.pid, signal.SIGKILL)
    life.wait()
    return world


def nothing_is_left(world):
    """Look at the system: no process of an agent, no worktree, no lock."""
    assert (world.marked(), world.worktrees()) == ({}, [])
    assert not list((world.project / ".git").glob("worktrees/*"))
    assert not list(world.home.glob("worktrees/*/*/*/"))
    assert list((world.project / ".git").rglob("*.lock")) == []


def applied(world):
    """Put all patches in; gives what became of each."""
    told = world.hocket("apply", world.run.name)
    return {one["label"].removeprefix("id="): one["state"] for one in told["patches"]}


def test_a_kill_leaves_nothing_and_a_resume_finishes(dead):
    before = dead.asked()
    # The kernel ends what is in a sandbox, and a supervisor the rest: nobody has to come back.
    dead.until(lambda: dead.marked() == {})

    told = dead.hocket("resume", dead.run.name)

    assert (told["status"], told["census"]) == ("completed", {"cached": QUICK, "ok": SLEEPERS})
    assert told["result"] == [["ok", 1]] * len(NAMES)
    assert sum("its tree is gone" in note for note in told["notes"]) == SLEEPERS
    nothing_is_left(dead)
    # Whoever had ended was not asked again, whoever had not was asked once more from the start.
    again = dead.asked()[len(before) :]
    assert sorted({name for name, _ in again}) == sorted(NAMES[QUICK:])
    assert [turn for _, turn in again].count(0) == SLEEPERS

    assert applied(dead) == dict.fromkeys(NAMES, "applied")
    assert applied(dead) == dict.fromkeys(NAMES, "already applied")
    staged = dead.git("diff", "--cached", "--name-status").splitlines()
    assert sorted(staged) == sorted(f"A\t{name}.txt" for name in NAMES)
    assert all((dead.project / f"{name}.txt").read_text() == f"{name}\n" for name in NAMES)
