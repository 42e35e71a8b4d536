"""Front matter as people write it, and nothing read that is not what was trusted."""

from __future__ import annotations

import os
from hashlib import sha256

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.documents import (
    MOST_BYTES,
    MOST_FRONT,
    Source,
    Unfit,
    front_matter,
)


def fields(front):
    return front_matter(f"---\n{front}\n---\nBody.\n")[0]


def why(call, *args):
    with pytest.raises(Unfit) as caught:
        call(*args)
    return str(caught.value)


def test_a_text_is_split_at_its_two_lines():
    text = "---\nname: a\ndescription: x --- y\n---\n\nBody\n---\nmore\n"
    assert front_matter(text) == ({"name": "a", "description": "x --- y"}, "Body\n---\nmore")
    assert front_matter("---\nname: a\n---") == ({"name": "a"}, "")


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ("tools: [Read, Grep]", {"tools": ["Read", "Grep"]}),
        ("tools:\n  - Read\n  - Grep", {"tools": ["Read", "Grep"]}),
        ("on: 1\n2: off", {"on": 1, "2": False}),
        ("day: 2026-01-01\n<<: x", {"day": "2026-01-01", "<<": "x"}),
        ("a: |\n  one\n  two", {"a": "one\ntwo\n"}),
        ("metadata:\n  k: v\n  n: {a: 1}", {"metadata": {"k": "v", "n": {"a": 1}}}),
        ("a: 'it''s'\nb: Use when: always", {"a": "it's", "b": "Use when: always"}),
        ('a: "x: y"\nb: it\'s so: yes', {"a": "x: y", "b": "it's so: yes"}),
        ('b: Say "x": loud\nc: [1, 2]', {"b": 'Say "x": loud', "c": [1, 2]}),
        ("a: ends with:\nb: c #d: e", {"a": "ends with:", "b": "c #d: e"}),
        ("tools: *", {"tools": "*"}),
        ("a: *bold* words", {"a": "*bold* words"}),
        ("a: !important", {"a": "!important"}),
        ("a: @who", {"a": "@who"}),
    ],
)
def test_front_matter_is_read_as_it_is_meant(front, found):
    assert fields(front) == found


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("a: 1\na: 2", "no plain YAML (line 3)"),
        ("x: {a: 1, a: 2}", "no plain YAML (line 2)"),
        ("? [a, b]\n: c", "no plain YAML (line 2)"),
        ("a: &x [1]\nb:\n  - *x", "no plain YAML"),
        ("a:\n  - !!python/object:os.system x", "no plain YAML"),
        ("a: [", "no plain YAML (line 3)"),
        ("a: " + "[" * 5_000, "nested more than 6 deep"),
        ("a: " + "1" * 5_000, "no plain YAML"),
        ("just words", "has no fields"),
        ("", "has no fields"),
        ("- a\n- b", "has no fields"),
        ("a: " + "x" * MOST_FRONT, "longer than 16 KiB"),
    ],
)
def test_everything_else_is_refused_with_a_reason(front, reason):
    assert why(fields, front).startswith("its front matter ")
    assert reason in why(fields, front)


@pytest.mark.parametrize("text", ["", "Body.", "---\na: 1\n", "\n---\na: 1\n---\n", "----\n---\n"])
def test_a_text_without_front_matter_is_refused(text):
    assert why(front_matter, text) == "it has no front matter between two lines ---"


KEYS = st.text("abcxyz_-", min_size=1, max_size=8).filter(lambda key: key[0] != "-")
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=20)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_yaml_writes_is_read_back(data):
    assert fields(yaml.safe_dump(data, allow_unicode=False, width=1_000).rstrip("\n")) == data


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    try:
        found, body = front_matter(f"---\n{text}\n---\nBody.")
    except Unfit:
        return
    assert isinstance(found, dict)
    assert isinstance(body, str)


def source(path, content):
    return Source(path, "x", sha256(content).hexdigest())


def test_a_file_is_read_only_as_it_was_trusted(tmp_path):
    path = tmp_path / "x.md"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\n")
    assert Source(path, "x").read() == "one\ntwo\n"
    assert source(path, path.read_bytes()).read() == "one\ntwo\n"
    assert why(source(path, b"other").read) == "it changed since it was trusted"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff", "it is not UTF-8"),
        (b"a\0b", "it has a NUL in it"),
        (b"x" * (MOST_BYTES + 1), "it is larger than 256 KiB"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, content, reason):
    (tmp_path / "x").write_bytes(content)
    assert why(source(tmp_path / "x", content).read) == reason


def test_nothing_hangs_or_raises_on_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert why(source(tmp_path / "pipe", b"x").read) == "it changed since it was trusted"
    assert why(Source(tmp_path, "x").read) == "it cannot be read (Is a directory)"
    assert why(Source(tmp_path / "no", "x").read).startswith("it cannot be read (No such file")
