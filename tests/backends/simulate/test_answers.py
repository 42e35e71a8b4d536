"""Answers that fit any schema a script is likely to use."""

from __future__ import annotations

import json
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hocket_plugins.backends.simulate.answers import answer
from hocket_plugins.backends.simulate.draws import Draws
from hocket_plugins.backends.simulate.schema import NoAnswer

VALIDATED = [
    True,
    {"type": "string"},
    {"type": ["string", "null"]},
    {"type": "null"},
    {"type": "boolean"},
    {"const": {"a": [1]}},
    {"enum": ["x", 3, None]},
    {"type": "string", "minLength": 40, "maxLength": 41},
    {"type": "string", "maxLength": 0},
    {"type": "string", "pattern": "^[a-z]{3}-\\d+$", "minLength": 10, "maxLength": 12},
    {"type": "integer", "minimum": 5, "maximum": 5},
    {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7},
    {"type": "integer", "maximum": -10},
    {"type": "integer", "minimum": 1001, "multipleOf": 7},
    {"type": "integer", "maximum": -1, "multipleOf": 500},
    {"type": "number", "multipleOf": 0.1},
    {"type": "number", "multipleOf": 0.25, "minimum": 3.1, "maximum": 3.3},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 0.001},
    {"type": "number", "minimum": 1e6},
    {"type": "number", "maximum": -3.5},
    {"minimum": 3},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 4},
    {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 2},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 3},
    {"type": "array", "prefixItems": [{"type": "integer"}], "items": False},
    {"type": "array", "items": {"type": "integer"}, "contains": {"const": 4}, "minContains": 2},
    {"minItems": 1},
    {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
    {"type": "object", "properties": {"a": True, "b": True, "c": True}, "maxProperties": 1},
    {"type": "object", "properties": {"a": {}}, "required": ["a", "b"]},
    {"required": ["x"]},
    {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
        "dependentRequired": {"a": ["b"]},
        "required": ["a"],
    },
    {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 3}]},
    {"anyOf": [False, {"type": "integer"}]},
    {"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]},
    {"allOf": [{"type": ["integer", "string"]}, {"type": "number", "minimum": 3}]},
    {"allOf": [{"minimum": 3}, {"minimum": 9}, {"maximum": 12}], "type": "integer"},
    {"allOf": [{"enum": [1, 2, 3]}, {"enum": [3, 4]}]},
    {"allOf": [{"required": ["a"]}, {"required": ["b", "a"], "type": "object"}]},
    {
        "type": "object",
        "properties": {"a": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
        "required": ["a"],
    },
    {
        "allOf": [
            {"type": "object", "properties": {"a": {"minimum": 3}}, "required": ["a"]},
            {"properties": {"a": {"type": "integer"}, "b": {}}, "required": ["b"]},
        ]
    },
    {
        "allOf": [
            {"items": {"type": "integer"}},
            {"type": "array", "items": {"minimum": 50}, "minItems": 2},
        ]
    },
    {
        "allOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}],
        "anyOf": [{"minimum": 3, "type": "integer"}, {"type": "null"}],
    },
    {"type": "integer", "not": {"multipleOf": 2}},
    {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "n": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["n"]},
        "else": {"properties": {"n": False}},
    },
    {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "integer", "minimum": 2}}},
    {"type": "integer", "$ref": "#/prefixItems/0", "prefixItems": [{"minimum": 7}]},
]


def draw(schema: object, name: object = 0, lists: float = 1.0) -> object:
    return answer(schema, Draws(1, "key", name), lists)


@pytest.mark.parametrize("schema", VALIDATED, ids=lambda schema: json.dumps(schema)[:60])
def test_every_answer_fits(schema: object):
    validator = Draft202012Validator(schema)
    for name in range(25):
        value = draw(schema, name)
        assert not [error.message for error in validator.iter_errors(value)]
        assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"type": "object", "properties": {"a": False}, "required": ["a"]}, "it allows none"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "no whole number fits"),
        ({"type": "number", "minimum": 3, "maximum": 2}, "no number fits"),
        ({"type": "number", "minimum": 1, "maximum": 2, "multipleOf": 5.5}, "no multiple fits"),
        ({"allOf": [{"type": "string"}, {"type": "null"}]}, "two types exclude each other"),
        ({"anyOf": [False, False]}, "none of its alternatives"),
        ({"type": "integer", "not": {"type": "integer"}}, "no answer was found"),
        ({"$ref": "#"}, "never ends"),
        ({"$ref": "#/$defs/none"}, "leads nowhere"),
        ({"$ref": "https://example.org/x.json"}, "leaves the schema"),
        ({"type": "string", "pattern": "("}, "is not understood"),
        ({"type": "string", "pattern": "^\\d{3}$", "maxLength": 2}, "no text was found"),
    ],
)
def test_what_cannot_be_met_is_said(schema: object, why: str):
    with pytest.raises(NoAnswer, match=why):
        draw(schema)


TREE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "children": {"type": "array", "items": {"$ref": "#"}},
    },
    "required": ["name", "children"],
}


def test_a_schema_that_contains_itself_ends():
    sizes = [len(json.dumps(draw(TREE, name))) for name in range(30)]
    assert max(sizes) < 200_000
    linked = {
        "anyOf": [
            {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]},
            {"type": "null"},
        ]
    }
    assert Draft202012Validator(linked).is_valid(draw(linked, 3))


def lengths(schema: dict[str, object], lists: float = 1.0) -> list[int]:
    whole = {"type": "array", "items": {"type": "boolean"}, **schema}
    return [len(draw(whole, name, lists)) for name in range(400)]


def test_lists_have_the_length_a_script_expects():
    assert set(lengths({"x-expect": 12})) == {12}
    assert set(lengths({"x-expect": [2, 4]})) == {2, 3, 4}
    assert set(lengths({"x-expect": 12, "maxItems": 10})) == {10}


def test_without_a_word_lists_have_five_items_in_the_mean():
    assert fmean(lengths({})) == pytest.approx(5, rel=0.2)


def test_dry_runs_can_have_empty_and_ten_times_longer_lists():
    assert set(lengths({}, 0)) == {0}
    assert set(lengths({"minItems": 2}, 0)) == {2}
    assert set(lengths({"x-expect": 3}, 10)) == {30}


def test_a_long_list_keeps_full_items():
    item = {"type": "object", "properties": {name: {"type": "string"} for name in "abcd"}}
    rows = draw({"type": "array", "items": item, "x-expect": 1000})
    assert fmean(map(len, rows)) == pytest.approx(3.2, rel=0.15)


@pytest.mark.parametrize(
    ("form", "sample"),
    [("date", "2026-"), ("date-time", "T"), ("time", ":"), ("uuid", "-4"), ("email", "@example."),
     ("uri", "https://example.org/"), ("ipv4", "192.0.2."), ("ipv6", "2001:db8::"),
     ("hostname", ".example.org"), ("duration", "PT"), ("uri-reference", "/"), ("regex", ""),
     ("json-pointer", "/"), ("made-up", " ")],
)  # fmt: skip
def test_formats_look_like_themselves(form: str, sample: str):
    schema = {"type": "string", "format": form}
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name in range(20):
        text = draw(schema, name)
        assert sample in text
        assert checker.is_valid(text)


bounds = st.integers(-1000, 1000)


def numbers(kind: str) -> st.SearchStrategy[dict[str, object]]:
    return st.tuples(bounds, st.integers(0, 500), st.sampled_from([1, 2, 7, 25])).map(
        lambda drawn: {
            "type": kind,
            "minimum": drawn[0],
            "maximum": drawn[0] + drawn[1] + drawn[2],
            "multipleOf": drawn[2],
        }
    )


leaves = st.one_of(
    st.sampled_from(
        [{"type": "string"}, {"type": "boolean"}, {"type": "null"}, {"type": ["integer", "null"]}]
    ),
    numbers("integer"),
    numbers("number"),
    st.lists(st.text() | st.integers(), min_size=1, max_size=4).map(lambda some: {"enum": some}),
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
        lambda pair: {"type": "string", "minLength": min(pair), "maxLength": max(pair)}
    ),
    st.sampled_from(["^[a-f0-9]{4,8}$", "^(foo|bar)+$", r"\d\.\d", "^[^/]+$", r"^v?\d+(-rc)?$"])
    .map(lambda pattern: {"type": "string", "pattern": pattern}),
)  # fmt: skip


def nested(inner: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    fields = st.dictionaries(st.text(max_size=5), inner, max_size=4)
    objects = st.tuples(fields, st.booleans(), st.booleans()).map(
        lambda drawn: {
            "type": "object",
            "properties": drawn[0],
            "required": [*drawn[0]] if drawn[1] else [],
            "additionalProperties": drawn[2],
        }
    )
    lists = st.tuples(inner, st.integers(0, 3), st.integers(0, 3)).map(
        lambda drawn: {
            "type": "array",
            "items": drawn[0],
            "minItems": drawn[1],
            "maxItems": drawn[1] + drawn[2],
        }
    )
    choices = st.lists(inner, min_size=1, max_size=3).map(lambda some: {"anyOf": some})
    return st.one_of(objects, lists, choices)


@settings(max_examples=200)
@given(st.recursive(leaves, nested, max_leaves=8), st.integers(0, 2**32))
def test_any_small_schema_is_met(schema: dict[str, object], seed: int):
    whole = {"type": "object", "properties": {"it": schema}, "required": ["it"]}
    value = answer(whole, Draws(seed, "key", 0))
    assert not [error.message for error in Draft202012Validator(whole).iter_errors(value)]
    assert value == answer(whole, Draws(seed, "key", 0))


def test_an_order_of_given_things_is_a_permutation_of_them():
    letters = [*"ABCDEFGHIJ"]
    schema = {
        "type": "object",
        "properties": {
            "order": {
                "type": "array",
                "items": {"enum": letters},
                "minItems": 10,
                "maxItems": 10,
                "uniqueItems": True,
            }
        },
        "required": ["order"],
    }
    orders = [answer(schema, Draws(seed, "key", 0))["order"] for seed in range(20)]

    assert all(sorted(order) == letters for order in orders)
    assert len({"".join(order) for order in orders}) > 10
