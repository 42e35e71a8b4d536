"""Equal trees give equal archives, and what is read from one has the digest of the folder."""

from __future__ import annotations

import os
import stat
from io import BytesIO
from zipfile import ZipFile

from authors import packed, put, written
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.protocols import Tree
from hocket.registry.authoring.zipping import zipped
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.digest import hk1

NAMES = st.sampled_from(["a", "b.bin", "b-c", "é", "x y", "run.sh", "Z"])
FILES = st.dictionaries(
    st.builds("d{}/{}".format, st.integers(0, 3), NAMES) | NAMES.map("f{}".format),
    st.tuples(st.sampled_from("fx"), st.binary(max_size=40)),
    min_size=1,
    max_size=8,
)


@given(FILES)
def test_what_was_packed_is_read_back(files):
    tree = Tree(tuple((kind, path, content) for path, (kind, content) in sorted(files.items())))
    back = read_archive("test", zipped("some-bundle", tree))
    assert hk1(back) == hk1(tree)


@given(FILES)
def test_the_order_of_a_tree_does_not_matter(files):
    entries = [(kind, path, content) for path, (kind, content) in files.items()]
    assert zipped("x", Tree(tuple(entries))) == zipped("x", Tree(tuple(reversed(entries))))


def test_neither_times_nor_masks_leave_a_trace(tmp_path):
    first, second = written(tmp_path / "a"), written(tmp_path / "b")
    for file in second.rglob("*.md"):
        os.utime(file, (1, 1))
        file.chmod(0o600)
    assert zipped("x", packed(first).tree) == zipped("x", packed(second).tree)


def test_members_are_plain_sorted_and_in_one_folder(tmp_path):
    folder = written(tmp_path)
    put(folder / "scripts" / "run.sh", "#!/bin/sh\n").chmod(0o755)
    made = packed(folder)
    raw = zipped(made.manifest.name, made.tree)
    members = ZipFile(BytesIO(raw)).infolist()
    assert [one.filename for one in members] == sorted(one.filename for one in members)
    assert {one.filename.split("/")[0] for one in members} == {"second-opinion"}
    assert {one.date_time for one in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {one.extra for one in members} == {b""}
    modes = {one.filename: one.external_attr >> 16 for one in members}
    assert modes["second-opinion/scripts/run.sh"] == stat.S_IFREG | 0o755
    assert modes["second-opinion/SKILL.md"] == stat.S_IFREG | 0o644
    assert hk1(read_archive("test", raw)) == made.digest


def test_a_text_of_one_letter_can_be_taken_in_again(tmp_path):
    folder = written(tmp_path)
    put(folder / "assets" / "long.txt", "a" * 3_000_000)
    made = packed(folder)
    assert hk1(read_archive("test", zipped("x", made.tree))) == made.digest
