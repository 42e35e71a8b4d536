"""The rules for trees: every hostile path, set and size is refused by name, its twin is taken."""

from __future__ import annotations

import pytest
from hostile_archives import files, tarred, zipped
from hostile_trees import (
    BENIGN_PATHS,
    BENIGN_SETS,
    BENIGN_TEXTS,
    GOOD,
    HOSTILE_PATHS,
    HOSTILE_SETS,
    HOSTILE_TEXTS,
    MIB,
)

from hocket.api.protocols import Tree
from hocket.errors import StructureError
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.breaches import Breach, TreeRefused
from hocket.registry.trees.intake import MOST_MEMBERS, Intake, checked

DOORS = {
    "tree": lambda contents: checked(
        "demo", Tree(tuple(("f", path, content) for path, content in contents.items()))
    ),
    "zip": lambda contents: read_archive("demo", zipped(files(contents))),
    "tar": lambda contents: read_archive("demo", tarred(files(contents))),
}


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def taken(contents):
    return {path: content for _, path, content in contents.entries}


@pytest.mark.parametrize("door", DOORS)
@named(HOSTILE_PATHS)
def test_a_hostile_path_is_refused_by_name_through_every_door(door, case):
    if door == "zip" and "\udce9" in case.thing:
        pytest.skip("a zip that is not UTF-8 cannot be written this way; see the archives")
    with pytest.raises(TreeRefused) as refused:
        DOORS[door]({**GOOD, case.thing: b"x"})
    assert f"demo: {case.thing!r}: {case.says}" in refused.value.message.splitlines()
    assert (refused.value.exit_code, refused.value.code) == (3, "tree")
    assert isinstance(refused.value, StructureError)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("path", BENIGN_PATHS)
def test_a_benign_path_is_taken_through_every_door(door, path):
    contents = {**GOOD, path: b"x"}
    assert taken(DOORS[door](contents)) == contents


@pytest.mark.parametrize("door", DOORS)
@named(HOSTILE_SETS)
def test_paths_that_are_one_elsewhere_are_refused(door, case):
    with pytest.raises(TreeRefused, match=r"^demo: ") as refused:
        DOORS[door]({**GOOD, **dict.fromkeys(case.thing, b"x")})
    (breach,) = refused.value.breaches
    assert case.says in breach.what
    with pytest.raises(TreeRefused):
        DOORS[door]({**GOOD, **dict.fromkeys(reversed(case.thing), b"x")})


@pytest.mark.parametrize("paths", BENIGN_SETS)
def test_paths_that_are_two_everywhere_are_taken(paths):
    contents = dict.fromkeys(paths, b"x")
    assert taken(DOORS["tree"](contents)) == contents


@pytest.mark.parametrize("door", DOORS)
@named(HOSTILE_TEXTS)
def test_a_hostile_text_is_refused_through_every_door(door, case):
    path, content = case.thing
    with pytest.raises(TreeRefused) as refused:
        DOORS[door]({"README": b"", path: content})
    assert any(str(one).startswith(f"{path!r}: {case.says}") for one in refused.value.breaches)
    assert refused.value.message.isprintable() or len(refused.value.breaches) > 1


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("text", BENIGN_TEXTS, ids=range(len(BENIGN_TEXTS)))
def test_a_benign_text_is_taken_as_it_is(door, text):
    assert taken(DOORS[door](dict([text]))) == dict([text])


def test_every_breach_is_told_the_first_ones_in_lines():
    evil = [(f"{number:02}:x", "holds :, which some systems do not allow") for number in range(25)]
    with pytest.raises(TreeRefused) as refused:
        DOORS["tree"]({path: b"\x1b" for path, _ in evil})
    assert refused.value.breaches == tuple(Breach(path, what) for path, what in evil)
    lines = refused.value.message.splitlines()
    assert lines[0] == "demo: '00:x': holds :, which some systems do not allow"
    assert lines[20:] == ["demo: and 5 more"]
    assert refused.value.found == "refused, 25 faults"


def test_a_very_long_path_is_cut():
    with pytest.raises(TreeRefused) as refused:
        DOORS["tree"]({"\u202e" + "x" * 60_000: b""})
    assert refused.value.message == (
        f"demo: '\\u202e{'x' * 299}'\u2026: has 60003 bytes, 240 allowed"
    )


def test_a_path_that_breaks_two_rules_is_told_both():
    with pytest.raises(TreeRefused) as refused:
        DOORS["tree"]({"/.git/a:b": b""})
    assert [breach.what for breach in refused.value.breaches] == [
        "is absolute",
        "holds :, which some systems do not allow",
        "has an empty part",
        "has the reserved part '.git'",
    ]


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        ({}, "no files"),
        ({str(number): b"" for number in range(2001)}, "more than 2,000 files"),
        (dict.fromkeys("abcdefghijk", bytes(5 * MIB)), "more than 50 MiB in all"),
        ({"a": bytes(5 * MIB + 1)}, "'a': has 5,242,881 bytes, 5 MiB allowed"),
    ],
)
def test_too_much_is_refused(contents, says):
    with pytest.raises(TreeRefused) as refused:
        DOORS["tree"](contents)
    assert refused.value.message == f"demo: {says}"


def test_as_much_as_is_allowed_is_taken():
    assert len(DOORS["tree"]({str(number): b"" for number in range(2000)}).entries) == 2000
    assert DOORS["tree"](dict.fromkeys("abcdefghij", bytes(5 * MIB)))


def test_a_tree_comes_out_sorted_and_keeps_its_kinds():
    entries = (("x", "bin/run", b"1"), ("f", "bin.txt", b"2"), ("f", "B", b"3"))
    assert checked("demo", Tree(entries)).entries == (entries[2], entries[1], entries[0])


def test_a_path_that_is_there_twice_is_refused():
    with pytest.raises(TreeRefused, match=r"^demo: 'a': is there twice$"):
        checked("demo", Tree((("f", "a", b"1"), ("f", "a", b"1"))))


def test_nothing_more_is_wanted_once_something_is_wrong():
    intake = Intake("demo")
    assert intake.wants("a", 1)
    intake.take("f", "a", b"1")
    assert not intake.enters(".git")
    assert not intake.wants("b", 1)
    with pytest.raises(TreeRefused, match=r"^demo: '\.git': has the reserved part '\.git'$"):
        intake.tree()


def test_other_bytes_than_announced_are_refused():
    intake = Intake("demo")
    assert intake.wants("a", 1)
    intake.take("f", "a", b"12")
    with pytest.raises(TreeRefused, match=r"^demo: 'a': has other than the 1 bytes that were ann"):
        intake.tree()


def test_members_are_counted_whatever_they_are():
    intake = Intake("demo")
    for _ in range(MOST_MEMBERS):
        intake.refuse("a", "a link")
    with pytest.raises(TreeRefused) as refused:
        intake.enters("b")
    assert refused.value.breaches[-1] == Breach("", "more than 100,000 members")
