"""A new registry is one that others read, and never takes the place of anything."""

from __future__ import annotations

import pytest
from authors import ME, NOW, index, put
from shops import git

from hocket.errors import HocketError, UsageError
from hocket.registry.authoring.opening import open_registry


def test_it_reads_well_and_is_committed(tmp_path, monkeypatch):
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "deep" / "shop"
    made = open_registry(root, "acme", NOW)
    told = index(root)
    assert (told.name, told.serial, told.updated, told.packages) == ("acme", 1, NOW, {})
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "rev-parse", "HEAD") == made.commit
    assert made.files == ("README.md", "registry.toml")
    assert "hocket install acme/BUNDLE" in (root / "README.md").read_text("utf-8")
    assert sorted(one.name for one in root.iterdir()) == [".git", *made.files]


def test_without_git_it_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert open_registry(tmp_path / "shop", "acme", NOW).commit == ""
    assert index(tmp_path / "shop").name == "acme"


def test_nobody_in_particular_gets_it_uncommitted_and_is_told(tmp_path, monkeypatch):
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, " ")
    made = open_registry(tmp_path / "shop", "acme", NOW)
    assert made.commit == ""
    assert made.note.startswith("not committed: git commit-tree: ")
    assert index(tmp_path / "shop").serial == 1


@pytest.mark.parametrize("file", ["registry.toml", "mine.md", ".git/config"])
def test_what_is_there_stays(tmp_path, file):
    put(tmp_path / "shop" / file, "mine")
    with pytest.raises(UsageError, match="already") as told:
        open_registry(tmp_path / "shop", "acme", NOW)
    assert "Nothing was written" in told.value.hint
    assert (tmp_path / "shop" / file).read_text("utf-8") == "mine"
    assert len([*tmp_path.rglob("*")]) == 2 + file.count("/")


def test_a_file_is_no_folder(tmp_path):
    put(tmp_path / "shop", "mine")
    with pytest.raises(UsageError, match="is there already"):
        open_registry(tmp_path / "shop", "acme", NOW)
    with pytest.raises(HocketError, match="cannot be made"):
        open_registry(tmp_path / "shop" / "below", "acme", NOW)
