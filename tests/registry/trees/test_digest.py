"""The digest of trees: the vectors, a second implementation, and properties on random trees."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hostile_archives import Item, tarred, zipped
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_trees import TREES, mutants, planted

from hocket.api.protocols import Tree
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

FILES = (
    ("f", "SKILL.md", b"---\nname: demo\ndescription: d\n---\nhi\n"),
    ("f", "bin.txt", b""),
    ("x", "bin/run.sh", b"#!/bin/sh\n"),
    ("f", "notes/caf\u00e9.md", b"\xc3\xa9\n"),
)
VECTORS = {
    "V0": ((), "cb5fc97e3d0236462a500cc4624476abdf2e72691b28ed6223f658c3ddedd6be"),
    "V1": ((("f", "a", b""),), "42687b9fb69b77e3fb9f2a30cf2e8e3e85cb744ec00cf797dd74f96e115dda92"),
    "V2": (FILES, "f648396cb9beb729628c4caada8256d17cf2d2fe89d5944a403157d26cd453fd"),
    "V3": (
        tuple(("f", *entry[1:]) for entry in FILES),
        "0aee802a694efdee824eafc55a46b70b5cef651711362d260f1ebfdf9de3f0bc",
    ),
}
ODD = Tree((("x", "-n", b"\n"), ("f", "..a", b""), ("f", ".b/ c", b"\0"), ("f", "a b", b"x")))
"""Names that a careless shell takes for something else."""
SECOND = r"""
cd "$1" || exit 1
paths() { for one in "$1"/* "$1"/.[!.]* "$1"/..?*; do
  if [ -d "$one" ]; then paths "$one"; elif [ -f "$one" ]; then printf '%s\n' "${one#./}"; fi
done; }
{
  printf 'hocket-tree-v1\n'
  paths . | sort | while IFS= read -r path; do
    if [ -x "./$path" ]; then kind=x; else kind=f; fi
    size=$(wc -c < "./$path"); hash=$(sha256sum < "./$path")
    printf '%s %d %s  %s\n' "$kind" "$size" "${hash%% *}" "$path"
  done
} | sha256sum
"""
"""The digest without Python: the shell's own words, and sort, wc and sha256sum."""

has_second = pytest.mark.skipif(
    not all(map(shutil.which, ("sh", "sort", "wc", "sha256sum"))), reason="needs coreutils"
)


def second(root: Path) -> str:
    """Give the digest of a folder by the second implementation."""
    environment = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
    command = ["sh", "-c", SECOND, "sh", str(root)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert not done.stderr
    return f"hk1:{done.stdout.decode('ascii').split()[0]}"


@pytest.mark.parametrize(("entries", "digest"), VECTORS.values(), ids=VECTORS)
def test_the_vectors_of_the_specification(entries, digest):
    for order in itertools.permutations(entries):
        assert hk1(Tree(order)) == f"hk1:{digest}"


@has_second
@pytest.mark.parametrize(("entries", "digest"), VECTORS.values(), ids=VECTORS)
def test_the_second_implementation_agrees_on_the_vectors(tmp_path, entries, digest):
    assert second(planted(tmp_path, Tree(entries))) == f"hk1:{digest}"


@has_second
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [25, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_second_implementation_agrees_on_random_trees(count):
    @settings(max_examples=count, deadline=None, database=None)
    @given(TREES)
    @example(ODD)
    def check(tree):
        with TemporaryDirectory() as root:
            assert second(planted(Path(root), tree)) == hk1(tree)

    check()


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_every_way_in_gives_the_same_tree_and_digest(tree):
    items = [
        Item(path, content, 0o100755 if kind == "x" else 0o100644)
        for kind, path, content in tree.entries
    ]
    beneath = [item._replace(name=f"top-1.0/{item.name}") for item in items]
    with TemporaryDirectory() as root:
        folder = read_folder("tree", planted(Path(root), tree))
    ways = [folder, *(read_archive("tree", form(beneath)) for form in (zipped, tarred))]
    assert ways == [tree, tree, tree]
    assert {hk1(way) for way in ways} == {hk1(tree)}


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_any_single_change_changes_it(tree):
    digest = hk1(tree)
    assert all(hk1(mutant) != digest for mutant in mutants(tree))


def test_no_two_small_trees_have_one_digest():
    """All trees of at most three files, with names and contents that try to look like lines."""
    line = f"f 0 {sha256(b'').hexdigest()}  b\n"
    paths, contents = (
        ("a", "ab", "a/b", "b", " b", f"a  {line[:-1]}"),
        (b"", b"a", b"ab", line.encode()),
    )
    entries = [(kind, path, content) for path in paths for kind in "fx" for content in contents]
    trees = [
        Tree(chosen)
        for count in range(3)
        for chosen in itertools.combinations(entries, count)
        if len({path for _, path, _ in chosen}) == count
    ]
    assert len({hk1(tree) for tree in trees}) == len(trees) == 1 + 48 + 960


def test_what_an_unframed_digest_would_take_for_the_same_is_not():
    """One byte moves from the end of a file to the next, or from a name to its content (M40)."""
    joined = [
        (("f", "a", b"xy"), ("f", "b", b"z")),
        (("f", "a", b"x"), ("f", "b", b"yz")),
        (("f", "ax", b"y"), ("f", "b", b"z")),
        (("f", "axyb", b"z"),),
        (("f", "a", b"xybz"),),
        (("x", "a", b"xy"), ("f", "b", b"z")),
    ]
    assert len({hk1(Tree(entries)) for entries in joined}) == len(joined)


def test_the_order_is_that_of_bytes():
    """Characters beyond the first plane sort behind all others, as their bytes do."""
    first, second_ = ("f", "\uffee", b""), ("f", "\U0001f600", b"")
    lines = [f"f 0 {sha256(b'').hexdigest()}  {path}\n".encode() for _, path, _ in (first, second_)]
    digest = sha256(b"hocket-tree-v1\n" + b"".join(lines)).hexdigest()
    assert hk1(Tree((second_, first))) == f"hk1:{digest}"


@pytest.mark.parametrize(
    "entry", [("f", "a\nb", b""), ("d", "a", b""), ("", "a", b""), ("f", "\udc80", b"")]
)
def test_what_cannot_be_framed_has_no_digest(entry):
    with pytest.raises(ValueError, match=r"entry of a tree|surrogates"):
        hk1(Tree((entry,)))


@given(st.permutations(FILES))
def test_the_order_of_entries_does_not_matter(entries):
    assert hk1(Tree(tuple(entries))) == f"hk1:{VECTORS['V2'][1]}"
