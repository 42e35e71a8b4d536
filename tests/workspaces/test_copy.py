"""Outside of git a call works in a copy; too big a project is refused with its sizes."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from threading import Event

import pytest

from hocket.errors import HocketError
from hocket.workspaces import copy, walking


def test_a_copy_holds_everything_but_the_runs(plain):
    (plain.project / ".gitignore").write_text("ignored/\n")
    (plain.project / "ignored").mkdir()
    (plain.project / "ignored" / "x").write_text("x\n")
    (plain.project / "empty").mkdir()
    (plain.project / "link").symlink_to("app.py")
    (plain.project / "broken").symlink_to("nowhere")
    (plain.project / "run.sh").chmod(0o755)
    (plain.project / os.fsdecode(b"\xff.txt")).write_text("odd\n")
    (plain.project / ".hocket" / "workflows").mkdir(parents=True)
    (plain.project / ".hocket" / "workflows" / "w.py").write_text("w\n")
    wanted = plain.files(plain.project)
    (plain.project / ".hocket" / "runs" / "r").mkdir(parents=True)
    (plain.project / ".hocket" / "runs" / "r" / "journal.jsonl").write_text("{}\n")
    workspace, (seen, has_empty), changes = plain.work(
        lambda tree: (plain.files(tree), (tree / "empty").is_dir())
    )
    assert (seen, has_empty) == (wanted, True)
    assert (workspace.kind, workspace.branch, workspace.base) == ("copy", None, None)
    assert workspace.path.name == "a project"
    assert (changes, plain.kept) == (None, {})


def test_a_patch_puts_the_changes_into_the_project(plain):
    before = plain.files(plain.project)
    _, wanted, changes = plain.work(lambda tree: (plain.change(tree), plain.files(tree))[1])
    assert plain.files(plain.project) == before
    assert (changes.branch, changes.base) == (None, None)
    assert (changes.files, changes.insertions, changes.deletions) == (11, 6, 3)
    asyncio.run(plain.workspaces().apply(plain.kept[changes.patch]))
    assert plain.files(plain.project) == wanted


def test_what_the_project_ignores_is_followed_and_new_rubbish_is_not(plain):
    (plain.project / ".gitignore").write_text("*.log\n")
    (plain.project / "old.log").write_text("old\n")

    def agent(tree):
        (tree / "old.log").write_text("changed\n")
        (tree / "new.log").write_text("new\n")

    assert plain.work(agent)[2].files == 1


def test_line_ends_and_encodings_stay_bytes(plain):
    attributes = "*.txt text eol=crlf\n*.u16 working-tree-encoding=UTF-16\n* ident filter=evil\n"
    (plain.project / ".gitattributes").write_text(attributes)
    (plain.project / "a.txt").write_bytes(b"one\r\ntwo\n$Id: x $\n")
    (plain.project / "a.u16").write_bytes(b"no UTF-16\n")

    def agent(tree):
        (tree / "a.txt").write_bytes(b"one\r\n2\n$Id: y $\n")
        (tree / "a.u16").write_bytes(b"still not\n")

    changes = plain.work(agent)[2]
    asyncio.run(plain.workspaces().apply(plain.kept[changes.patch]))
    assert (plain.project / "a.txt").read_bytes() == b"one\r\n2\n$Id: y $\n"


def test_a_repository_inside_the_project_is_copied_and_its_files_are_followed(plain):
    plain.at(plain.project, "init", "-q", "inner")
    (plain.project / "inner" / "x").write_text("x\n")

    def agent(tree):
        assert (tree / "inner" / ".git" / "HEAD").exists()
        (tree / "inner" / "x").write_text("2\n")
        (tree / "inner" / "y").write_text("y\n")

    assert plain.work(agent)[2].files == 2


def test_what_is_no_file_stays_behind(plain):
    os.mkfifo(plain.project / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(plain.project / "socket"))
        _, seen, _ = plain.work(lambda tree: sorted(path.name for path in tree.iterdir()))
    assert "pipe" not in seen
    assert "socket" not in seen


def test_a_cache_inside_the_project_is_not_copied_into_itself(plain):
    plain.cache = plain.project / ".cache"
    _, seen, _ = plain.work(plain.files)
    assert [name for name in seen if name.startswith(b".cache")] == []
    assert len(plain.files(plain.project)) == 5 + len(plain.files(plain.cache))


def test_two_calls_of_one_name_have_a_copy_each(plain):
    async def story():
        workspaces = plain.workspaces()
        async with workspaces.open(plain.call()) as one, workspaces.open(plain.call()) as other:
            return one.path, other.path

    one, other = asyncio.run(story())
    assert one != other


def test_too_big_a_project_is_refused_with_its_sizes(plain):
    """A file full of nothing takes no room on the disk."""
    with (plain.project / "big").open("wb") as hole:
        hole.truncate(3 * 10**9)
    with pytest.raises(HocketError) as refused:
        plain.work(plain.files)
    assert refused.value.message.endswith("3.0 GB; expected at most 200,000 files and 2 GB.")
    assert "git init" in refused.value.hint
    assert not list(plain.cache.glob("worktrees/*/run1"))


def test_too_many_files_are_too_much(plain):
    root = os.fsencode(plain.project)
    walking.measure(root, (), most_files=5)
    with pytest.raises(
        HocketError, match=r"at least 5 files and 0\.0 GB; expected at most 4 files"
    ):
        walking.measure(root, (), most_files=4)
    walking.measure(root, {os.fsencode(plain.project / "docs")}, most_files=4)


def test_a_file_that_cannot_be_read_is_named(plain, monkeypatch):
    """A name too long for the copy's place stands for every refusal of the system."""
    plain.cache = plain.cache / ("c" * 200) / ("c" * 200) / ("c" * 200)
    deep = plain.project
    for _ in range(14):
        deep /= "d" * 240
        monkeypatch.chdir(deep.parent)
        Path(deep.name).mkdir()
    monkeypatch.chdir(deep)
    (deep / "f").write_text("f") if len(str(deep)) < 4000 else None
    with pytest.raises(HocketError, match="cannot be copied: File name too long"):
        plain.work(plain.files)
    assert not list(plain.cache.glob("worktrees/*/run1"))


def test_a_copy_that_is_cancelled_stops_and_leaves_nothing(plain):
    for number in range(800):
        (plain.project / f"f{number}").write_text("x")

    async def story():
        async with asyncio.TaskGroup() as group:
            task = group.create_task(plain.workspaces().open(plain.call()).__aenter__())
            while not list(plain.cache.glob("worktrees/*/run1/*/tree/*/app.py")):
                await asyncio.sleep(0)
            task.cancel()

    asyncio.run(story())
    assert not list(plain.cache.glob("worktrees/*/run1"))


def test_a_copy_that_is_told_to_stop_stops(plain, tmp_path):
    stop = Event()
    stop.set()
    target = tmp_path / "copy"
    assert copy._copy_all(os.fsencode(plain.project), os.fsencode(target), (), stop) == []
    assert list(target.iterdir()) == []


def test_walking_names_folders_before_what_is_in_them(plain):
    found = [name for name, _ in walking.walk(os.fsencode(plain.project))]
    assert found.index(b"docs") < found.index(b"docs/guide.md")
    assert len(found) == 6
