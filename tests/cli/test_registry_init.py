"""`hocket registry init`: a registry of one's own."""

from __future__ import annotations

import json

import pytest
from authors import ME, index, put, typed

from hocket.cli.registry.init import init


@pytest.fixture(autouse=True)
def me(monkeypatch):
    for name, value in ME.items():
        monkeypatch.setenv(name, value)


def test_it_makes_a_registry_and_says_what_is_in_it(tmp_path, capsys):
    root = tmp_path / "shop"
    assert typed(init, root, "--name", "acme-patterns") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{root}/README.md\tfor who finds it",
        f"{root}/registry.toml\tthe index: hocket publish and hocket yank keep it",
    ]
    assert index(root).name == "acme-patterns"


def test_json_has_the_commit(tmp_path, capsys):
    assert typed(init, tmp_path / "shop", "--name", "acme", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["command"], told["name"], told["note"]) == ("registry init", "acme", "")
    assert len(told["commit"]) == 40


def test_why_it_is_not_committed_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_NAME", " ")
    assert typed(init, tmp_path / "shop", "--name", "acme") == 0
    assert "hocket: registry acme: not committed: git commit-tree: " in capsys.readouterr().err


def test_an_existing_one_is_refused(tmp_path, capsys):
    put(tmp_path / "shop" / "registry.toml", "mine")
    assert typed(init, tmp_path / "shop", "--name", "acme") == 2
    told = capsys.readouterr().err
    assert 'hocket: registry init: "shop" has a registry.toml already' in told
    assert (tmp_path / "shop" / "registry.toml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["core", "Acme", "../x", "a"])
def test_a_name_that_is_none_makes_nothing(tmp_path, capsys, name):
    assert typed(init, tmp_path / "shop", "--name", name) == 2
    assert "hocket: registry init: --name: " in capsys.readouterr().err
    assert not (tmp_path / "shop").exists()
