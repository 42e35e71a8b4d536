"""Packages in archives: nothing hostile gets in, and nothing is ever written."""

from __future__ import annotations

import ast
import gzip
import os
import stat
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from hostile_archives import BENIGN_ARCHIVES, HOSTILE_ARCHIVES, Item, noise, tar, tarred, zipped
from hostile_trees import GOOD
from watching import opened

from hocket.registry.trees import archives, tarballs, zips
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.breaches import TreeRefused

MODULES = (archives, tarballs, zips)
FORMS = {"zip": zipped, "tar": tarred}


@pytest.mark.parametrize("case", HOSTILE_ARCHIVES, ids=[case.name for case in HOSTILE_ARCHIVES])
def test_a_hostile_archive_is_refused(tmp_path, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    raw = case.thing() if callable(case.thing) else case.thing
    with opened() as found, pytest.raises(TreeRefused) as refused:
        read_archive("demo", raw)
    assert case.says in refused.value.message
    assert refused.value.exit_code == 3
    assert [*tmp_path.iterdir()] == []
    assert not any(flags & os.O_CREAT for _, flags in found)


@pytest.mark.parametrize("name", BENIGN_ARCHIVES)
def test_one_common_top_folder_is_dropped(name):
    tree = read_archive("demo", BENIGN_ARCHIVES[name])
    assert {path: content for _, path, content in tree.entries} == GOOD


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["top/a", "top/b/c"], ["a", "b/c"]),
        (["top/top/a"], ["top/a"]),
        (["top/a", "other/b"], ["other/b", "top/a"]),
        (["a", "top/b"], ["a", "top/b"]),
        (["a"], ["a"]),
        (["./a"], ["a"]),
    ],
)
def test_only_a_folder_that_holds_all_is_dropped(form, names, kept):
    tree = read_archive("demo", form([Item(name, b"x") for name in names]))
    assert [path for _, path, _ in tree.entries] == kept


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("top", ["..", ".git", ".claude", "", "a:b", "nul", "\u202e"])
def test_a_top_folder_that_is_not_allowed_is_not_dropped(form, top):
    with pytest.raises(TreeRefused) as refused:
        read_archive("demo", form([Item(f"{top}/a", b"x"), Item(f"{top}/b", b"x")]))
    assert {breach.path for breach in refused.value.breaches} == {f"{top}/a", f"{top}/b"}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_folder_of_an_archive_has_to_keep_the_rules_too(form):
    evil = Item("a/../../b/", mode=stat.S_IFDIR | 0o755, type=tarfile.DIRTYPE)
    with pytest.raises(TreeRefused, match=r"has the part '\.\.'"):
        read_archive("demo", form([Item("SKILL.md", b"x"), evil]))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_execute_bit_of_the_owner_is_the_kind(form):
    items = [Item(oct(mode), b"x", stat.S_IFREG | mode) for mode in (0o755, 0o700, 0o655, 0o644)]
    kinds = {path: kind for kind, path, _ in read_archive("demo", form(items)).entries}
    assert kinds == {"0o755": "x", "0o700": "x", "0o655": "f", "0o644": "f"}


def test_a_zip_of_another_system_has_no_execute_bits():
    raw = bytearray(zipped([Item("run", b"x", stat.S_IFREG | 0o755)]))
    raw[raw.index(b"PK\x01\x02") + 5] = 0
    assert read_archive("demo", bytes(raw)).entries == (("f", "run", b"x"),)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_does_not_get_smaller_is_read_whole(form):
    content = noise(1 << 20)
    assert read_archive("demo", form([Item("font.ttf", content)])).entries[0][2] == content


def test_a_tar_of_two_parts_packed_one_after_the_other_is_read():
    whole = tar([Item("a", b"x"), Item("b", b"y")])
    raw = gzip.compress(whole[:700]) + gzip.compress(whole[700:])
    assert [path for _, path, _ in read_archive("demo", raw).entries] == ["a", "b"]


def test_a_bomb_takes_no_more_memory_than_its_ratio():
    raw = gzip.compress(bytes(256 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(TreeRefused, match="more than 50 times"):
            read_archive("demo", raw)
        assert tracemalloc.get_traced_memory()[1] < 56 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_members_of_a_tar_are_counted_before_anything_is_taken():
    folder = tar([Item("d", mode=0o755, type=tarfile.DIRTYPE)])[:512]
    with pytest.raises(TreeRefused, match=r"^demo: more than 100,000 members$"):
        read_archive("demo", gzip.compress(folder * 100_001 + bytes(1024), 0))


def test_a_name_that_is_no_utf8_is_refused_in_a_tar():
    with pytest.raises(TreeRefused, match=r"'caf\\udce9': is not UTF-8"):
        read_archive("demo", tarred([Item("caf\udce9", b"x"), Item("SKILL.md", b"x")]))


def test_no_module_calls_what_extracts():
    for module in MODULES:
        tree = ast.parse(Path(module.__file__).read_text())
        called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not {name for name in called if "extract" in name}
