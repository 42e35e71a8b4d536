"""Links and set-up commands of a person, in every new tree before its agent."""

from __future__ import annotations

import asyncio
import os

import pytest

from hocket.errors import HocketError
from hocket.workspaces.preparing import Preparation

PLAIN = {"PATH": os.defpath}


def work(person, agent, preparation, project=None):
    async def story():
        opening = person.workspaces(project=project, preparation=preparation).open(person.call())
        async with opening as workspace:
            seen = agent(workspace.path)
        return seen, opening.changes

    return asyncio.run(story())


@pytest.fixture
def modules(person):
    """Give the project folders that git ignores, in the way that misses links."""
    (person.project / ".gitignore").write_text("node_modules/\n.venv/\n")
    for name in ("node_modules", ".venv", "docs/node_modules"):
        (person.project / name).mkdir()
        (person.project / name / "m").write_text("m\n")
    person.commit("ignore")
    return person


def test_ignored_folders_are_linked_and_are_no_change(modules):
    prepared = Preparation(link=("node_modules", ".venv", "docs/node_modules", "docs", "missing"))

    def agent(tree):
        (tree / "x").write_text("x\n")
        return [(tree / name / "m").read_text() for name in prepared.link[:3]], [
            (tree / name).is_symlink() for name in prepared.link
        ]

    (texts, links), changes = work(modules, agent, prepared)
    assert texts == ["m\n"] * 3
    assert links == [True, True, True, False, False]
    assert changes.files == 1
    assert (modules.project / "node_modules" / "m").exists()


def test_links_of_a_project_beneath_the_top(modules):
    def agent(path):
        return (path / "node_modules" / "m").read_text()

    prepared = Preparation(link=("node_modules",))
    assert work(modules, agent, prepared, modules.project / "docs") == ("m\n", None)


def test_a_name_with_signs_is_left_out_as_it_is(person):
    name = "odd [a]*! #\\"
    (person.project / name).mkdir()
    seen, changes = work(person, lambda tree: (tree / name).is_symlink(), Preparation(link=(name,)))
    assert (seen, changes) == (True, None)


def test_commands_run_first_and_what_git_ignores_of_them_is_no_change(modules):
    prepared = Preparation(setup=("mkdir node_modules; pwd > node_modules/p", ("touch", ".venv")))

    def agent(tree):
        return (tree / "node_modules" / "p").read_text() == f"{tree}\n"

    assert work(modules, agent, Preparation(setup=prepared.setup[:1], environment=PLAIN)) == (
        True,
        None,
    )


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "echo no such package >&2; exit 3",
            ("`echo no such package >&2; exit 3` ended with exit 3", "It said: no such package"),
        ),
        (
            ("no-such-program", "install"),
            (
                "`no-such-program install` ended with exit 127",
                "It said: no-such-program: No such file or directory",
            ),
        ),
    ],
)
def test_a_command_that_fails_ends_the_call_before_its_agent(person, command, told):
    with pytest.raises(HocketError) as failed:
        work(person, pytest.fail, Preparation(setup=(command, "true"), environment=PLAIN))
    assert failed.value.who == "setup"
    assert (failed.value.found, failed.value.hint) == told
    assert (person.left(), person.branches()) == ([], ["feature", "main"])


def test_where_links_lead_can_be_read_as_well(modules):
    async def story():
        prepared = Preparation(link=("node_modules", "missing"))
        async with modules.workspaces(preparation=prepared).open(modules.call()) as workspace:
            return workspace.roots

    assert asyncio.run(story()) == (modules.project / "node_modules",)


def test_processes_of_a_command_carry_the_mark_of_their_run(person):
    prepared = Preparation(setup=("echo $HOCKET_CALL > mark",), environment=PLAIN, mark="4f2a.0c")
    seen, _ = work(person, lambda tree: (tree / "mark").read_text(), prepared)
    assert seen == "4f2a.0c/7-fix-the-tests/setup\n"
