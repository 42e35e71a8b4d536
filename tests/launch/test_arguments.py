"""Arguments: what was typed becomes what a script finds, or is refused with its place."""

from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.scripts import Manifest
from hocket.errors import RefusedError, UsageError
from hocket.launch import arguments, values
from hocket.launch.arguments import Arguments, complete, fill, from_json, from_text, usage

TEXT, COUNT = {"type": "string"}, {"type": "integer"}
PARSED = ("args: a text that is JSON was parsed",)


def manifest(required=(), **properties):
    schema = {"type": "object", "properties": properties, "required": [*required]}
    return Manifest(name="audit", description="", args=schema if properties else None)


def refused(action, *args, kind=UsageError):
    with pytest.raises(kind) as caught:
        action(*args)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "value", "notes"),
    [
        ("null", None, ()),
        ("0", 0, ()),
        ('"free text"', "free text", ()),
        ('"5"', "5", ()),
        ('"{\\"a\\": 1}"', {"a": 1}, PARSED),
        ('" [1]"', [1], PARSED),
        ('"[1"', "[1", ()),
        ('{"a": [null, 1.5]}', {"a": [None, 1.5]}, ()),
        ('"\\ud800"', "\ufffd", ()),
        ('"\\u0000"', "\0", ()),
    ],
)
def test_json_is_taken_as_it_is(tmp_path, text, value, notes):
    assert from_json(text, tmp_path) == Arguments(value, given=True, notes=notes)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "not JSON"),
        ("{'a': 1}", "not JSON"),
        ("[1,]", "not JSON"),
        ("NaN", "not JSON (NaN is not JSON)"),
        ("-Infinity", "not JSON (-Infinity is not JSON)"),
        ("[" * 100_000, "not JSON"),
        ("[" * 102 + "]" * 102, "nested more than 100 levels"),
        ("9" * 5000, "not JSON"),
        ("1e999", "it has the number inf"),
    ],
)
def test_what_is_not_json_is_refused(tmp_path, text, found):
    assert found in refused(from_json, text, tmp_path)


def test_a_file_may_hold_them(tmp_path):
    (tmp_path / "args.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert from_json("@args.json", tmp_path).value == {"a": 1}
    (tmp_path / "bad").write_bytes(b"\xff")
    for name in ("bad", "nowhere", ".", "a\0b"):
        assert f"'{name}' cannot be read" in refused(from_json, f"@{name}", tmp_path)


def test_standard_input_may_hold_them(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"[1]")))
    assert from_json("@-", tmp_path).value == [1]
    monkeypatch.setattr(sys, "stdin", None)
    assert "not JSON" in refused(from_json, "@-", tmp_path)


def test_4_mib_are_the_limit(tmp_path):
    most = values.MOST_BYTES
    (tmp_path / "fits").write_text(json.dumps("x" * (most - 2)))
    assert len(from_json("@fits", tmp_path).value) == most - 2
    (tmp_path / "large").write_text(json.dumps("x" * most))
    assert "'large' is larger than 4 MiB" in refused(from_json, "@large", tmp_path)
    assert "larger than 4 MiB" in refused(from_json, json.dumps("x" * most), tmp_path)
    assert "larger than 4 MiB" in refused(from_text, "ü" * (most // 2), manifest())


@pytest.mark.parametrize("form", ["{}", '{{"deep": ["a {} b"]}}', '{{"{}": 1}}'])
def test_a_known_secret_is_refused_by_its_name(tmp_path, monkeypatch, form):
    monkeypatch.setenv("ACME_API_KEY", "correct-horse-battery")
    text = form.format("correct-horse-battery")
    said = refused(from_text, text, manifest(), kind=RefusedError)
    assert "the value of ACME_API_KEY is in the arguments" in said
    assert "correct" not in said


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        (manifest(), "free text", "free text"),
        (manifest(), "", ""),
        (manifest(), "[1]", [1]),
        (manifest(q=TEXT), "who?", {"q": "who?"}),
        (manifest(q=TEXT), "", {"q": ""}),
        (manifest(q=TEXT), '{"q": "as JSON"}', {"q": "as JSON"}),
        (manifest(["q"], q=TEXT, style=TEXT), "who?", {"q": "who?"}),
        (manifest(n=COUNT, q=TEXT), "who?", {"q": "who?"}),
        (manifest(n=COUNT), "", {}),
    ],
)
def test_free_text_goes_where_it_can_only_be_meant(schema, text, value):
    assert from_text(text, schema).value == value


@pytest.mark.parametrize("schema", [manifest(a=TEXT, b=TEXT), manifest(n=COUNT)])
def test_free_text_that_could_mean_anything_is_refused_with_the_usage(schema):
    said = refused(from_text, "who?", schema)
    assert "free text does not say which argument is meant; expected /audit [" in said


def test_a_schema_without_properties_takes_no_free_text():
    schema = Manifest(name="audit", description="", args={"type": "object"})
    assert "expected /audit." in refused(from_text, "who?", schema)


def test_defaults_are_filled_in_and_then_all_is_validated():
    inner = {"type": "object", "properties": {"x": {"default": 1}}}
    schema = manifest(depth={**COUNT, "default": 3, "maximum": 5}, inner=inner)
    assert complete(Arguments(), schema) == Arguments({"depth": 3}, given=True)
    given_one = Arguments({"inner": {}}, given=True, notes=("n",))
    expected = Arguments({"depth": 3, "inner": {"x": 1}}, given=True, notes=("n",))
    assert complete(given_one, schema) == expected
    assert given_one.value == {"inner": {}}
    said = refused(complete, Arguments({"depth": 9}, given=True), schema)
    assert said.startswith("/audit: args/depth: must be ")
    assert said.endswith("expected /audit [--depth N] [--inner JSON].")


def test_without_a_schema_nothing_is_checked():
    assert complete(Arguments([1]), manifest()) == Arguments([1])


def test_the_usage_line_tells_what_must_be_given():
    assert usage(manifest(["b"], a=TEXT, b=TEXT)) == '/audit "b" [--a TEXT]'
    assert usage(manifest()) == "/audit"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists), st.data())
def test_filling_never_takes_away_what_was_given(value, data):
    schema = {"properties": {"a": {"default": value}, "b": {"properties": {"a": {}}}, "c": True}}
    typed = data.draw(st.dictionaries(st.sampled_from("abc"), st.integers()))
    filled = fill(dict(typed), schema)
    assert typed.items() <= filled.items()
    assert filled["a"] == typed.get("a", value)
    assert arguments.fill(5, schema) == 5
