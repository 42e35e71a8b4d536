"""What the card says about trees: changes that agents will not see, and writers that take turns."""

from __future__ import annotations

import asyncio
import os
import subprocess

import pytest

from hocket.launch.prepare import Demand, prepare
from hocket.launch.tree_notes import DIRTY, IN_TURN
from hocket.testing import ScriptedBackend

ISOLATED = "await agent('x', isolation='worktree')"
WRITERS = "await parallel([agent(f'{n}', tools=['Read', 'Edit']) for n in range(9)])"


def git(place, *words):
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=Pat", "-c", "user.email=p@x.org", *words]
    subprocess.run(command, cwd=place.root, env=clean, capture_output=True, check=True)


def notes(place, body, *, has_workspace=True):
    place.write(
        "wf.py",
        '"""A script."""\nfrom hocket.script import agent, parallel\nmeta = {"name": "case"}\n\n'
        f"async def main():\n    {body}\n",
    )
    backend = ScriptedBackend({"": "x"}, has_workspace=has_workspace)
    card = prepare(place.open(backend), Demand("wf.py")).card
    return [note for note in card.notes if note in {DIRTY, IN_TURN} or "git" in note]


@pytest.fixture
def repository(place):
    place.write("app.py", "one\n")
    place.write(".gitignore", ".hocket/\nwf.py\n")
    git(place, "init", "-q")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "begin")
    return place


def test_a_clean_tree_needs_no_words(repository):
    assert notes(repository, ISOLATED) == []


def test_a_dirty_tree_is_said_where_agents_start_from_the_last_commit(repository):
    repository.write("app.py", "two\n")
    assert notes(repository, ISOLATED) == [DIRTY]
    assert notes(repository, ISOLATED, has_workspace=False) == []
    assert notes(repository, "await agent('x')") == []


def test_a_base_that_takes_the_tree_along_needs_no_words(repository):
    repository.write("app.py", "two\n")
    repository.settings('[worktree]\nbase = "tree"\n')
    assert notes(repository, ISOLATED) == []


def test_a_new_file_makes_a_tree_dirty_too(repository):
    repository.write("new.py", "new\n")
    assert notes(repository, ISOLATED) == [DIRTY]


def test_outside_of_git_nothing_is_dirty(place):
    assert notes(place, ISOLATED) == []


def test_a_broken_repository_is_told_before_the_run(repository):
    repository.write(".git/config", "[broken\n")
    (told,) = notes(repository, ISOLATED)
    assert told.startswith("git rev-parse: ")


def test_a_card_can_be_made_inside_of_a_loop(repository):
    async def inside():
        return notes(repository, ISOLATED)

    repository.write("app.py", "two\n")
    assert asyncio.run(inside()) == [DIRTY]


def test_writers_that_share_a_tree_are_warned_about(place):
    assert notes(place, WRITERS) == [IN_TURN]
    assert notes(place, WRITERS.replace(", 'Edit'", "")) == []
    assert notes(place, WRITERS.replace("tools=", "isolation='worktree', tools=")) == []
