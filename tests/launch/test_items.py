"""A list from a file: JSON, lines of JSON, CSV, or lines of text."""

from __future__ import annotations

import io

import pytest

from hocket.errors import UsageError
from hocket.launch.items import parsed, read


@pytest.mark.parametrize(
    ("place", "text", "items"),
    [
        ("a.json", '[1, {"a": "b"}, null]', [1, {"a": "b"}, None]),
        ("a.jsonl", '{"a": 1}\n\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ("a.ndjson", '"one"\n', ["one"]),
        (
            "a.csv",
            'id,text\n1,"a, b"\n2,c\n',
            [{"id": "1", "text": "a, b"}, {"id": "2", "text": "c"}],
        ),
        ("a.txt", "one\n\n  two \n", ["one", "two"]),
        ("-", "one\ntwo", ["one", "two"]),
        ("-", "[1, 2]", [1, 2]),
        ("a.JSON", "[]", []),
    ],
)
def test_the_form_follows_the_suffix_or_the_look_of_it(place, text, items):
    assert parsed(text, place) == items


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        ("a.json", "{}", "a.json: it holds an object"),
        ("a.json", '"x"', 'a.json: it holds "x"'),
        ("a.json", "[1,", "a.json: it is no JSON"),
        ("a.jsonl", "1\n\nx", "a.jsonl:3: it is no JSON"),
    ],
)
def test_what_is_no_list_is_refused_with_its_place(place, text, message):
    with pytest.raises(UsageError, match=message):
        parsed(text, place)


def test_a_file_is_read_where_one_stands(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("\ufeffone\n", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe")
    monkeypatch.setattr("sys.stdin", io.StringIO("two\n"))

    assert read("a.txt", tmp_path) == ["one"]
    assert read("-", tmp_path) == ["two"]
    with pytest.raises(UsageError, match=r"c\.txt: No such file"):
        read("c.txt", tmp_path)
    with pytest.raises(UsageError, match=r"b\.txt: it is no UTF-8 text"):
        read("b.txt", tmp_path)
