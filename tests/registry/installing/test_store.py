"""The store gives back the bytes of a digest, or nothing."""

from __future__ import annotations

import errno
import os
import shutil

import pytest
from households import FILES, tree
from hypothesis import given, settings
from random_trees import TREES

from hocket.registry.installing.disk import Disk
from hocket.registry.installing.store import Store
from hocket.registry.trees.digest import hk1


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data/store")


def test_what_is_put_is_given_back_and_cannot_be_written(store):
    digest = store.put(tree())
    assert store.get(digest) == tree()
    folder = store.folder / digest.replace(":", "-")
    assert digest == hk1(tree())
    assert {path.stat().st_mode & 0o222 for path in folder.rglob("*") if path.is_file()} == {0}
    assert (folder / "bin/run.sh").stat().st_mode & 0o100
    assert [one.name for one in store.folder.iterdir()] == [folder.name]


def test_what_is_there_is_used_and_not_written_again(store):
    digest = store.put(tree())
    inode = (store.folder / digest.replace(":", "-")).stat().st_ino
    assert store.put(tree()) == digest
    assert (store.folder / digest.replace(":", "-")).stat().st_ino == inode


def edited(folder):
    (folder / "SKILL.md").chmod(0o644)
    (folder / "SKILL.md").write_text("other")


def grown(folder):
    (folder / "more.md").write_text("more")


def linked(folder):
    (folder / "SKILL.md").unlink()
    (folder / "SKILL.md").symlink_to("bin/run.sh")


def gone(folder):
    shutil.rmtree(folder)


def a_file(folder):
    shutil.rmtree(folder)
    folder.write_text("")


@pytest.mark.parametrize("damage", [edited, grown, linked, gone, a_file])
def test_a_damaged_tree_is_absent_and_put_again(store, damage):
    digest = store.put(tree())
    damage(store.folder / digest.replace(":", "-"))
    assert store.get(digest) is None
    assert store.put(tree()) == digest
    assert store.get(digest) == tree()
    assert [one.name for one in store.folder.iterdir()] == [digest.replace(":", "-")]


def test_gc_drops_what_nobody_names_and_what_was_left_half(store):
    one, two = store.put(tree()), store.put(tree({"SKILL.md": "two"}))
    (store.folder / ".tmp-half").mkdir()
    (store.folder / ".lock").write_text("")
    assert store.gc({one}) == [two]
    assert store.get(one) == tree()
    assert store.get(two) is None
    assert {path.name for path in store.folder.iterdir()} == {".lock", one.replace(":", "-")}


def test_gc_of_no_store_makes_none(store):
    assert store.gc(set()) == []
    store.tidy()
    assert not store.folder.exists()


def test_nothing_half_gets_a_name_when_the_disk_is_full(tmp_path):
    class Full(Disk):
        def step(self, what, act):
            if what == "write":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return act()

    store = Store(tmp_path / "store", Full())
    with pytest.raises(OSError, match="No space"):
        store.put(tree())
    assert store.get(hk1(tree())) is None
    assert list(store.folder.iterdir()) == []


def test_a_write_that_takes_only_some_is_gone_on_with(tmp_path):
    class Slow(Disk):
        def _write_some(self, fd, content):
            return super()._write_some(fd, content[:2])

    store = Store(tmp_path / "store", Slow())
    assert store.get(store.put(tree())) == tree(FILES)


@settings(max_examples=30, deadline=None)
@given(one=TREES)
def test_any_tree_comes_back_as_it_was(tmp_path_factory, one):
    store = Store(tmp_path_factory.mktemp("store"))
    assert store.get(store.put(one)) == one
