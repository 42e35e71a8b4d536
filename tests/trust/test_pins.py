"""What is trusted as it is kept: readable, older forms too, and worth nothing when damaged."""

from __future__ import annotations

import json
import os
from hashlib import sha256

import pytest

from hocket.trust.pins import Damaged, Kept, dump, identity, is_same, load

A, B = sha256(b"a").hexdigest(), sha256(b"b").hexdigest()


def test_what_is_written_is_read_again_and_reads_well(tmp_path):
    kept = {
        "/home/me/b": Kept({"AGENTS.md": B}),
        "/home/me/a": Kept({".hocket/config.toml": A}, {"inode": 7}),
        "/home/me/c": Kept({}, {"inode": 8, "repository": 9}),
        "/home/me/d": Kept(),
    }
    file = tmp_path / "trust.json"
    file.write_bytes(dump(kept))
    assert load(file) == {root: one for root, one in kept.items() if not one.is_empty}
    assert json.loads(file.read_text()) == {
        "schema": 2,
        "projects": {
            "/home/me/a": {"folder": {"inode": 7}, "files": {".hocket/config.toml": A}},
            "/home/me/b": {"files": {"AGENTS.md": B}},
            "/home/me/c": {"folder": {"inode": 8, "repository": 9}, "files": {}},
        },
    }
    assert [*json.loads(file.read_text())["projects"]] == sorted(kept)[:3]


def test_the_older_form_keeps_its_files_and_no_folder(tmp_path):
    file = tmp_path / "trust.json"
    file.write_text(json.dumps({"/p": {"AGENTS.md": A, "CLAUDE.md": 5}, "/q": {}}))
    assert load(file) == {"/p": Kept({"AGENTS.md": A}), "/q": Kept()}


def test_where_there_is_no_file_nothing_is_trusted(tmp_path):
    assert load(tmp_path / "trust.json") == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff",
        b"[" * 100_000,
        b'{"/p": []}',
        b'{"schema": 2}',
        b'{"schema": 2, "projects": []}',
        b'{"schema": 2, "projects": {"/p": 1}}',
        b'{"schema": 2, "projects": {"/p": {"files": 1}}}',
        b'{"schema": 2, "projects": {"/p": {"folder": 1}}}',
    ],
)
def test_a_damaged_file_is_said_to_be(tmp_path, content):
    file = tmp_path / "trust.json"
    file.write_bytes(content)
    with pytest.raises(Damaged):
        load(file)


def test_a_folder_known_by_anything_but_numbers_is_not_known(tmp_path):
    file = tmp_path / "trust.json"
    told = {"folder": {"inode": 1, "repository": "x"}, "files": {}}
    file.write_text(json.dumps({"schema": 2, "projects": {"/p": told}}))
    assert load(file)["/p"] == Kept()


def repository(project, made_ns):
    description = project / ".git" / "description"
    description.parent.mkdir()
    description.write_text("Unnamed")
    os.utime(description, ns=(made_ns, made_ns))


def test_a_folder_is_the_same_until_another_takes_its_place(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    known = identity(project)
    (project / "file").write_text("x")
    assert is_same(known, identity(project))
    project.rename(tmp_path / "old")
    project.mkdir()
    assert not is_same(known, identity(project))
    assert is_same(known, identity(tmp_path / "old"))


def test_a_folder_may_become_a_repository_and_not_another_one(tmp_path):
    before = identity(tmp_path)
    repository(tmp_path, 10)
    known = identity(tmp_path)
    assert is_same(before, known)
    assert not is_same(known, {**known, "repository": 11})
    assert not is_same(known, before)


def test_a_worktree_is_known_by_the_file_that_makes_it_one(tmp_path):
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    os.utime(tmp_path / ".git", ns=(5, 5))
    assert identity(tmp_path)["repository"] == 5


def test_nothing_is_known_of_what_is_not_there(tmp_path):
    assert identity(tmp_path / "nowhere") == {}
    assert not is_same({}, identity(tmp_path))
