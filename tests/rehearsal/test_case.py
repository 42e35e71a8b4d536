"""Cases: read whole or told why not, and compared by JSON pointers."""

from __future__ import annotations

import json

import pytest

from hocket.rehearsal.case import Case, missed, read

RESULT = {"a": [1, {"b/c": "x"}], "~d": None, "empty": []}


def expecting(**pointers):
    return Case(name="n", expect=pointers["expect"])


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/a/0", 1),
        ("/a/1/b~1c", "x"),
        ("/~0d", None),
        ("/a/-", 2),
        ("/empty/-", 0),
        ("/a", [1, {"b/c": "x"}]),
    ],
)
def test_a_pointer_finds_its_place(pointer, value):
    assert missed(expecting(expect={pointer: value}), RESULT) == []


@pytest.mark.parametrize("pointer", ["/b", "/a/2", "/a/x", "/a/0/b", "/~0d/e"])
def test_a_place_that_is_not_there_is_no_null(pointer):
    (miss,) = missed(expecting(expect={pointer: None}), RESULT)
    assert miss.text == f"{pointer}: expected null, found nothing"


def test_cases_come_in_the_order_of_their_names_and_others_are_told(tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    good = {"name": "good", "expect": {"/x": 1}}
    (folder / "b.json").write_text(json.dumps(good))
    (folder / "a.json").write_text(json.dumps({**good, "answers": [{"role": "r", "says": 1}]}))
    (folder / "c.json").write_text("{")
    (folder / "notes.txt").write_text("not a case")
    cases = read(tmp_path)
    assert list(cases.found) == ["tests/b.json"]
    assert [place for place, _ in cases.broken] == ["tests/a.json", "tests/c.json"]
    assert cases.broken[0][1].startswith("answers.0.says: ")


def test_a_folder_without_cases_has_none(tmp_path):
    assert read(tmp_path).found == {}
