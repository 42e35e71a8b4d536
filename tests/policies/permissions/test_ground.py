"""Paths belong to the tree an agent works in: the project, or a worktree of its own."""

from __future__ import annotations

import pytest

from hocket_plugins.policies.permissions.ground import Ground


@pytest.fixture
def tree(tmp_path):
    """Give a worktree where such trees lie."""
    made = tmp_path / ".hocket" / "trees" / "1"
    made.mkdir(parents=True)
    return made


def test_a_relative_path_means_the_same_in_any_tree(rules, tree):
    made = rules(allow=["Edit(src/**)"], workspace=tree)
    assert made.verdict("Edit(src/a.py)") == "allow"
    assert made.verdict("Edit(lib/a.py)") == "ask"
    assert made.verdict("Read(src/a.py)") == "allow"
    assert made.verdict("Edit(.git/config)") == "deny"


def test_an_absolute_path_is_named_from_the_tree_and_not_from_the_project(rules, tree, tmp_path):
    made = rules(allow=["Edit(src/**)"], workspace=tree)
    assert made.verdict(f"Edit({tree}/src/a.py)") == "allow"
    assert made.verdict(f"Edit({tmp_path}/src/a.py)") == "ask"
    assert rules(allow=["Edit(src/**)"]).verdict(f"Edit({tmp_path}/src/a.py)") == "allow"


def test_a_tree_is_not_protected_for_where_it_lies(rules, tree):
    made = rules(allow=["Edit"], workspace=tree)
    assert made.verdict(f"Edit({tree}/src/a.py)") == "allow"
    assert made.verdict(f"Edit({tree}/.git/config)") == "deny"
    assert made.verdict(f"Edit({tree}/../x)") == "deny"


def test_a_link_in_the_tree_is_denied_by_where_it_leads(rules, tree):
    (tree / "secrets").mkdir()
    (tree / "harmless").symlink_to("secrets")
    made = rules(deny=["Read(secrets/**)"], workspace=tree)
    assert made.verdict("Read(harmless/a)") == "deny"
    assert rules(deny=["Read(secrets/**)"]).verdict("Read(harmless/a)") == "allow"


def test_a_tree_reached_by_a_link_has_two_names(rules, tree, tmp_path):
    way = tmp_path / "way"
    way.symlink_to(tree)
    made = rules(allow=["Edit(src/**)"], workspace=way)
    assert made.verdict(f"Edit({way}/src/a)") == "allow"
    assert made.verdict(f"Edit({tree}/src/a)") == "allow"


@pytest.mark.parametrize("path", [".hocket/runs/1/agents/0001.jsonl", ".hocket/runs/x", "a/.env"])
def test_what_other_agents_said_is_asked(rules, path):
    assert rules().verdict(f"Read({path})") == "ask"
    assert rules(allow=["Read"]).verdict(f"Read({path})") == "ask"
    assert rules(allow=[f"Read({path})"]).verdict(f"Read({path})") == "allow"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/../b", "b"),
        ("./a", "a"),
        ("../a", "../a"),
        ("/etc/passwd", "/etc/passwd"),
        ("{}/a/b", "a/b"),
        ("{}", "."),
        ("{}/../x", "{}/../x"),
        ("{}x/a", "{}x/a"),
    ],
)
def test_names_beneath_a_folder(tmp_path, path, name):
    folder = tmp_path / "ws"
    ground, wanted = Ground(folder), name.format(folder)
    if wanted.startswith("/"):
        wanted = str(ground.folder.__class__(wanted).resolve())
    assert ground.beneath(path.format(folder)) == wanted
