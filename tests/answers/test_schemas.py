"""The pre-flight refuses what can never work, before any money, and nothing else."""

from __future__ import annotations

import json
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from hocket.answers.keywords import DEEPEST, DIALECT, MOST_NODES, TYPES, Unusable
from hocket.answers.regexes import finds, regex
from hocket.answers.schemas import canonical, preflight


def about(**properties: object) -> dict:
    """Make a schema with these properties."""
    return {"type": "object", "properties": properties}


# The root


@pytest.mark.parametrize(
    "schema",
    [None, True, "object", [], {}, {"type": "array"}, {"type": ["object"]}, {"properties": {}}],
)
def test_the_root_must_be_an_object(schema):
    assert preflight(schema) == 'root must have type "object"'


GOOD = [
    {"type": "object"},
    about(n={"type": "integer", "minimum": 1, "maximum": 1, "multipleOf": 0.5}),
    about(n={"type": ["string", "null"], "minLength": 2, "maxLength": 2.0}),
    about(n=True, m={}),
    about(kind={"enum": ["a", 1, None]}, other={"const": 1, "enum": [1.0]}),
    about(when={"type": "string", "format": "date", "x-expect": "soon", "x-role": 7}),
    about(note={"title": "T", "description": "D", "default": {"$ref": 5}, "examples": [1]}),
    about(old={"deprecated": True, "readOnly": False, "writeOnly": True, "$comment": "c"}),
    about(tree={"$ref": "#"}),
    about(tree={"$ref": "#/$defs/node"}) | {"$defs": {"node": about(kids={"$ref": "#"})}},
    about(a={"$ref": "#/definitions/x~1y"}) | {"definitions": {"x/y": {"type": "null"}}},
    about(a={"$ref": "#/$defs/caf%C3%A9"})
    | {"$defs": {"café": True, "b": {}}}
    | {"$defs": {"café": {"type": "null"}}},
    about(a={"$ref": "#here"}, b={"$anchor": "here", "type": "null"}),
    about(a={"$dynamicRef": "#here"}, b={"$dynamicAnchor": "here", "type": "null"}),
    {"$id": "https://x.test/s", **about(a={"$ref": "https://x.test/s#/$defs/b"})}
    | {"$defs": {"b": {}}},
    {"$schema": DIALECT, "type": "object"},
    {"$schema": "http://json-schema.org/draft-07/schema#"}
    | about(a={"type": "array", "items": [{}, {}], "additionalItems": False})
    | {"dependencies": {"a": ["b"]}},
    {"type": "object", "required": ["a"], "additionalProperties": False, "properties": {"a": {}}},
    {"type": "object", "required": ["x-1"], "additionalProperties": False}
    | {"patternProperties": {"^x-": {"type": "string"}}},
    {"type": "object", "not": {"enum": []}, "if": {"minimum": 2, "maximum": 1}},
    {"type": "object", "allOf": [{"type": ["object", "array"]}, {"required": ["a"]}, True]},
    about(n={"type": "number", "allOf": [{"type": "integer"}]}),
    about(s={"type": "string", "pattern": r"^[a-z0-9]+(?:-[a-z0-9]+)*$"}),
    about(s={"type": "string", "pattern": r"^[\w.-]{1,64}@[\w.-]{1,255}\.\w{2,10}$"}),
    about(a={"prefixItems": [{}, {"type": "null"}], "items": False, "unevaluatedItems": {}}),
    {"type": "object", "dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": {}}},
    {"type": "object", "propertyNames": {"maxLength": 3}, "then": {}, "else": {}, "oneOf": [{}]},
]


@pytest.mark.parametrize("schema", GOOD)
def test_what_can_work_passes(schema):
    assert preflight(schema) is None


BAD = [
    ({"type": "object", "foo": 1}, '/: unknown keyword "foo"'),
    (
        about(n={"minumum": 1}),
        '/properties/n: unknown keyword "minumum", did you mean "minimum"?',
    ),
    (about(n={"type": "int"}), '/properties/n/type: unknown type name "int"'),
    (about(n={"type": ["null", "str"]}), '/properties/n/type: unknown type name "str"'),
    (about(n={"type": []}), "/properties/n/type: must be a type name or a list of them"),
    (about(n={"type": ["null", 1]}), "/properties/n/type: must be a type name or a list of them"),
    (about(n=5), "/properties: must be an object of schemas"),
    ({"type": "object", "properties": []}, "/properties: must be an object of schemas"),
    (about(n={"minimum": "1"}), "/properties/n/minimum: must be a number"),
    (about(n={"minimum": True}), "/properties/n/minimum: must be a number"),
    (about(n={"minLength": -1}), "/properties/n/minLength: must be a whole number from 0"),
    (about(n={"minItems": 1.5}), "/properties/n/minItems: must be a whole number from 0"),
    (about(n={"multipleOf": 0}), "/properties/n/multipleOf: must be a number above 0"),
    (about(n={"uniqueItems": 1}), "/properties/n/uniqueItems: must be true or false"),
    (about(n={"enum": "a"}), "/properties/n/enum: must be a list"),
    (about(n={"anyOf": []}), "/properties/n/anyOf: must be a list of schemas"),
    (about(n={"items": [{}]}), "/properties/n/items: must be a schema"),
    (
        about(n={"additionalItems": {}}),
        '/properties/n: unknown keyword "additionalItems", did you mean "additionalProperties"?',
    ),
    ({"type": "object", "required": ["a", "a"]}, "/required: must be a list of different names"),
    ({"type": "object", "required": "a"}, "/required: must be a list of different names"),
    ({"type": "object", "description": 5}, "/description: must be a string"),
    (
        {"type": "object", "dependentRequired": {"a": "b"}},
        "/dependentRequired: must be an object of lists of names",
    ),
    (
        {"type": "object", "$schema": "http://json-schema.org/draft-04/schema#"},
        f"/$schema: unknown dialect; expected {DIALECT}",
    ),
    (
        {"type": "object", "$schema": ["x"]},
        f"/$schema: unknown dialect; expected {DIALECT}",
    ),
    (
        about(a={"$ref": "https://x.test/s"}),
        '/properties/a/$ref: "https://x.test/s" is outside this schema',
    ),
    (about(a={"$ref": "#/$defs/b"}), '/properties/a/$ref: "#/$defs/b" names no schema'),
    (about(a={"$ref": "#/properties"}), '/properties/a/$ref: "#/properties" names no schema'),
    (about(a={"$id": "b"}), "/properties/a/$id: only the root may have one"),
    (about(a={"$schema": DIALECT}), "/properties/a/$schema: only the root may have one"),
    ({"type": "object", "$ref": "#"}, "/: the reference leads back to itself"),
    (
        about() | {"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}},
        "/: the reference leads back to itself",
    ),
    (about(n={"enum": []}), "/properties/n: enum is empty"),
    (about(n={"enum": [1, "a"], "const": "b"}), "/properties/n: const is not in enum"),
    (about(n={"minimum": 2, "maximum": 1}), "/properties/n: minimum 2 is above maximum 1"),
    (
        about(n={"items": {"minItems": 2, "maxItems": 1}}),
        "/properties/n/items: minItems 2 is above maxItems 1",
    ),
    (
        {"type": "object", "required": ["a"], "additionalProperties": False}
        | {"properties": {"b": {}}, "patternProperties": {"^x": {}}},
        '/: required property "a" is excluded by additionalProperties: false',
    ),
    (about(a=False) | {"required": ["a"]}, '/: required property "a" is false'),
    (
        {"type": "object", "allOf": [{"type": ["string", "null"]}]},
        "/: the types in allOf have nothing in common",
    ),
    (
        about(n={"allOf": [{"type": "string"}, {"type": "number"}]}),
        "/properties/n: the types in allOf have nothing in common",
    ),
    (
        about(n={"pattern": "(?=a)"}),
        (
            "/properties/n/pattern: the pattern cannot be used: look-around, including "
            "look-ahead and look-behind, is not supported"
        ),
    ),
    (
        {"type": "object", "patternProperties": {"(a)\\1": {}}},
        "/patternProperties/(a)\\1: the pattern cannot be used: backreferences are not supported",
    ),
    (
        {"type": "object", "patternProperties": {"a": {}}, "unevaluatedProperties": False},
        "patternProperties and unevaluatedProperties do not go together",
    ),
    (
        about(**{f"n{i}": {"pattern": f"(.{{80}}){{80}}{i}"} for i in range(4)}),
        "/properties/n0/pattern: the patterns repeat too much",
    ),
]


@pytest.mark.parametrize(("schema", "reason"), BAD)
def test_what_cannot_work_is_refused_with_its_place(schema, reason: str):
    assert preflight(schema) == reason


def test_a_number_that_is_not_json_is_named():
    assert preflight(about(n={"maximum": float("inf")})) == "not JSON: a number is not finite"
    assert preflight(about(n={"const": float("nan")})) == "not JSON: a number is not finite"


# Hostile ones (FAULTS case 58)


def nested(levels: int) -> dict:
    schema: dict = {"type": "object"}
    for _ in range(levels):
        schema = about(a=schema)
    return schema


def test_depth_is_bounded():
    assert preflight(nested(DEEPEST)) is None
    long = "/properties/a" * 33 + ": nested deeper than 32"
    assert preflight(nested(DEEPEST + 1)) == f"{long[:150]}…{long[-150:]}"


def test_depth_that_breaks_recursion_is_bounded_too():
    deep: object = 1
    for _ in range(50_000):
        deep = [deep]
    assert preflight(about(n={"default": deep})) == "nested deeper than 32"


def test_size_is_bounded_and_a_huge_schema_is_not_even_written_out():
    schema = about(**{f"property {number}": {"type": "null"} for number in range(60_000)})
    tracemalloc.start()
    assert preflight(schema) == "larger than 256 KB"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
    assert preflight({"type": "object", "description": "x" * (256 * 1024)}) == "larger than 256 KB"
    assert preflight({"type": "object", "description": "x" * (255 * 1024)}) is None


def test_the_number_of_schemas_is_bounded():
    most = about(**{f"n{number}": {} for number in range(MOST_NODES - 1)})
    assert preflight(most) is None
    most["properties"]["one more"] = {}
    assert preflight(most) == "more than 2,000 schemas"


def test_a_reference_bomb_counts_as_what_it_unfolds_to():
    names = [f"a{number}" for number in range(12)]
    bomb = {one: {"anyOf": [{"$ref": f"#/$defs/{two}"}] * 2} for one, two in pairwise(names)}
    schema = {"type": "object", "$defs": {**bomb, names[-1]: {}}}
    assert str(preflight(schema)).endswith(": more than 2,000 schemas")


@pytest.mark.parametrize("order", [1, -1])
def test_a_long_chain_of_references_is_too_deep(order: int):
    names = [f"a{number}" for number in range(40)][::order]
    chain = {one: {"$ref": f"#/$defs/{two}"} for one, two in pairwise(names)}
    schema = {"type": "object", "$defs": {name: chain.get(name, {}) for name in sorted(names)}}
    assert str(preflight(schema)).endswith("nested deeper than 32")


def test_recursive_schemas_are_no_bombs():
    kinds = [f"kind{number}" for number in range(6)]
    every = {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds]}
    schema = about(root=every) | {"$defs": {kind: about(child=every) for kind in kinds}}
    assert preflight(schema) is None


def test_an_explosive_pattern_is_harmless():
    explosive = "^(a+)+$"
    assert preflight(about(n={"pattern": explosive})) is None
    assert not finds(explosive, "a" * 50_000 + "!")
    assert finds(explosive, "a" * 50_000)


def test_letters_and_digits_are_ascii_as_in_the_language_of_json_schema():
    assert finds(r"^\w+$", "word_9")
    assert not finds(r"^\w+$", "wörd")
    assert not finds(r"^\d$", "٣")
    assert finds(r"^[\W]\D$", "ö-")
    assert finds(r"^\\w$", r"\w")


def test_unicode_classes_are_repeated_a_few_times_only():
    assert preflight(about(n={"pattern": r"\p{L}{60}"})) is None
    reason = preflight(about(n={"pattern": r"\p{L}{600}"}))
    assert reason == "/properties/n/pattern: the patterns repeat too much"


def test_a_pattern_is_compiled_once():
    assert regex("^a") is regex("^a")
    with pytest.raises(Unusable):
        regex("(?!a)")


def test_equal_schemas_are_judged_once():
    one = about(a={"type": "null"}, b={})
    two = {"properties": {"b": {}, "a": {"type": "null"}}, "type": "object"}
    assert canonical(one) == canonical(two)
    assert preflight(one) is preflight(two) is None


def test_a_reason_is_bounded_whatever_the_schema_says():
    assert len(str(preflight(about(**{"x" * 5_000: {"what": 1}})))) == 301


# Against the metaschema

NAMES = st.sampled_from(["a", "b"])
KEYWORD_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([*TYPES, "a", "#"]),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(NAMES, below, max_size=2),
    max_leaves=4,
)
KEYWORDS = st.sampled_from(
    [
        *("type", "properties", "items", "required", "enum", "minimum", "minLength", "multipleOf"),
        *("anyOf", "not", "additionalProperties", "pattern", "description", "uniqueItems"),
        *("dependentRequired", "prefixItems", "const", "readOnly", "$defs", "contentSchema"),
    ]
)


@settings(max_examples=300)
@given(st.dictionaries(KEYWORDS, KEYWORD_VALUES, max_size=3))
def test_what_passes_is_valid_by_the_metaschema_and_a_wrong_form_is_not(schema: dict):
    inner = about(n=schema)
    reason = preflight(inner)
    try:
        Draft202012Validator.check_schema(inner)
    except SchemaError:
        assert reason is not None
    else:
        assert reason is None or "must be " not in reason, json.dumps(schema)
