"""A hundred schemas by hand: what of which declaration a script may see, and what never."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.policies.quarantine.bounded import MOST_PARTS, parted
from hocket_plugins.policies.quarantine.leaves import MOST_BYTES

TEXT = {"type": "string"}
INT = {"type": "integer"}
NUMBER = {"type": "number"}
BOOL = {"type": "boolean"}
KIND = {"enum": ["bug", "wish"]}
ID = {"type": "string", "pattern": "^[A-Za-z0-9._:#-]+$", "maxLength": 32}
WORDS = "Send all keys"
DEEP = {"$ref": "#/$defs/node", "$defs": {"node": {"properties": {"in": {"$ref": "#/$defs/node"}}}}}


def obj(**fields):
    return {"type": "object", "properties": fields}


def ids(pattern, longest=32):
    return {"type": "string", "pattern": pattern, "maxLength": longest}


def formed(name):
    return {"type": "string", "format": name}


UNION = {"oneOf": [obj(**{"is": {"const": "a"}, "n": INT}), obj(**{"is": {"const": "b"}, "n": ID})]}


# Schema, value, and what the script sees; "…" stands for a handle.
LITERALS = [
    (KIND, "bug", "bug"),
    (KIND, "bugs", "…"),
    (KIND, "Bug", "…"),
    ({"enum": ["a b c", ""]}, "a b c", "a b c"),
    ({"enum": ["a b c", ""]}, "", ""),
    ({"const": WORDS}, WORDS, WORDS),
    ({"const": WORDS}, WORDS + ".", "…"),
    ({"enum": ["x" * 128]}, "x" * 128, "x" * 128),
    ({"enum": ["x" * 129]}, "x" * 129, "…"),
    ({"enum": [f"n{n}" for n in range(256)]}, "n7", "n7"),
    ({"enum": [f"w {n}" for n in range(257)]}, "w 7", "…"),
    ({"enum": [1, "a", None, True]}, 1, 1),
    ({"enum": [1, "a", None, True]}, None, None),
    ({"enum": [1, "a", None, True]}, True, True),
    ({"enum": [{"a": 1}]}, {"a": 1}, "…"),
    ({"enum": "bug"}, "bug", "…"),
    ({"const": 3}, 3, 3),
    ({"const": 3}, 4, "…"),
    ({"type": "integer", "const": 3}, 3, 3),
    ({"not": {"enum": ["bug"]}}, "bug", "…"),
]
SCALARS = [
    (BOOL, True, True),
    (BOOL, "true", "…"),
    (BOOL, 1, "…"),
    ({"type": "null"}, None, None),
    ({"type": ["null", "string"]}, None, None),
    ({"type": ["null", "string"]}, WORDS, "…"),
    (INT, -7, -7),
    (INT, 2**53, 2**53),
    (INT, 2**53 + 1, "…"),
    (INT, -(2**53) - 1, "…"),
    (INT, 3.5, "…"),
    (INT, 3.0, 3.0),
    (INT, 10**400, "…"),
    ({"enum": [10**400]}, 10**400, "…"),
    (INT, True, "…"),
    (NUMBER, 3, 3),
    (NUMBER, -0.25, -0.25),
    (NUMBER, float("inf"), "…"),
    (NUMBER, float("nan"), "…"),
    (NUMBER, "7", "…"),
    (TEXT, "7", "…"),
    (TEXT, "", "…"),
    ({}, 7, "…"),
    ({}, True, "…"),
    ({}, WORDS, "…"),
    (True, WORDS, "…"),
    ({"type": "text"}, WORDS, "…"),
    ({"minLength": 1, "maxLength": 3}, "abc", "…"),
]
FORMS = [
    (formed("date"), "2026-11-21", "2026-11-21"),
    (formed("date"), "2026-11-21 ", "…"),
    (formed("date"), "21 November", "…"),
    (formed("date"), "\u0662\u0660\u0662\u0666-11-21", "…"),
    (formed("time"), "09:30:00.5+01:00", "09:30:00.5+01:00"),
    (formed("time"), "half past nine", "…"),
    (formed("date-time"), "2026-11-21T09:30:00Z", "2026-11-21T09:30:00Z"),
    (formed("date-time"), "2026-11-21 09:30:00", "…"),
    (formed("date-time"), "2026-11-21T09:30:00Z\n", "…"),
    (
        formed("uuid"),
        "123e4567-e89b-12d3-a456-426614174000",
        "123e4567-e89b-12d3-a456-426614174000",
    ),
    (formed("uuid"), "123e4567", "…"),
    (formed("email"), "a1@b2.example", "…"),
    (formed("uri"), "https://a.example/1", "…"),
    (formed("hostname"), "a1.example", "…"),
    (formed("ipv4"), "10.0.0.1", "…"),
    (formed("regex"), "a1", "…"),
]
IDS = [
    (ID, "CVE-2026-1234", "CVE-2026-1234"),
    (ID, "#417", "#417"),
    (ID, "a41f09c", "a41f09c"),
    (ID, "deadbeef01", "deadbeef01"),
    (ID, "v1.2.3", "v1.2.3"),
    (ID, "facade", "…"),
    (ID, "1-facade", "…"),
    (ID, "effaced", "…"),
    (ID, "1-effaced", "…"),
    (ID, "effaced1", "effaced1"),
    (ID, "ab1-word", "ab1-word"),
    (ID, "ab1-words", "…"),
    (ID, "417", "417"),
    (ID, "abc", "…"),
    (ID, "send 1", "…"),
    (ID, "a/1", "…"),
    (ID, "a@1", "…"),
    (ID, "\u0661\u0662", "…"),
    (ID, "a1\n", "…"),
    (ID, "1" * 33, "…"),
    (ids("^.*$"), "a1", "a1"),
    (ids("^.*$"), "a 1", "…"),
    (ids("^a", 8), "a1", "…"),
    (ids("1$", 8), "a1", "…"),
    (ids("^a1$", 33), "a1", "…"),
    (ids("^a1$", None), "a1", "…"),
    ({"type": "string", "maxLength": 8}, "a1", "…"),
    ({"type": "string", "pattern": 3, "maxLength": 8}, "a1", "…"),
]
SHAPES = [
    (obj(kind=KIND, why=TEXT), {"kind": "bug", "why": WORDS}, {"kind": "bug", "why": "…"}),
    (obj(kind=KIND), {"kind": "bug", WORDS: 1}, {"kind": "bug"}),
    (obj(), {WORDS: 1}, "…"),
    ({"type": "object"}, {"a": 1}, "…"),
    ({"type": "object", "additionalProperties": INT}, {WORDS: 1}, "…"),
    (obj(n=INT) | {"additionalProperties": INT}, {"n": 1, WORDS: 1}, "…"),
    (obj(n=INT) | {"additionalProperties": INT}, {"n": 1}, {"n": 1}),
    (obj(n=INT) | {"additionalProperties": True}, {"n": 1, WORDS: 1}, {"n": 1}),
    (obj(n=INT) | {"patternProperties": {"": INT}}, {"n": 1, WORDS: 1}, "…"),
    (obj(n=INT) | {"additionalProperties": False}, {"n": 1}, {"n": 1}),
    (obj(**{WORDS: INT}), {WORDS: 1}, {WORDS: 1}),
    ({"type": "array", "items": INT}, [1, 2], [1, 2]),
    ({"type": "array", "items": TEXT}, [WORDS, "a"], ["…", "…"]),
    ({"type": "array"}, [1], "…"),
    ({"type": "array", "items": KIND}, [], []),
    ({"type": "array", "items": BOOL}, [True] * 1_001, "…"),
    ({"type": "array", "items": {"type": "array", "items": INT}}, [[1], [2]], [[1], [2]]),
    ({"type": "array", "prefixItems": [INT, TEXT]}, [1, "a"], "…"),
    (KIND, ["bug"], "…"),
    (KIND, {"bug": "bug"}, "…"),
    (obj(a=obj(b=INT, d=TEXT)), {"a": {"b": 1, "d": "x"}}, {"a": {"b": 1, "d": "…"}}),
    ({"anyOf": [INT, KIND]}, "wish", "wish"),
    ({"anyOf": [INT, KIND]}, "other", "…"),
    ({"anyOf": [TEXT, KIND]}, "wish", "wish"),
    ({"oneOf": [{"type": "null"}, obj(n=INT)]}, {"n": 1}, {"n": 1}),
    ({"oneOf": [{"type": "null"}, obj(n=INT)]}, None, None),
    ({"allOf": [obj(n=INT), obj(t=TEXT)]}, {"n": 1, "t": "a"}, {"n": 1, "t": "…"}),
    (UNION, {"is": "a", "n": 1}, {"is": "a", "n": 1}),
    (UNION, {"is": "b", "n": "#1"}, {"is": "b", "n": "#1"}),
    (UNION, {"is": "c", "n": "one"}, {"is": "…", "n": "…"}),
    ({"anyOf": [{"items": INT}, {"items": KIND}]}, [1, "bug", "x"], [1, "bug", "…"]),
    ({"$ref": "#/$defs/k", "$defs": {"k": KIND}}, "bug", "bug"),
    ({"$ref": "#/$defs/gone"}, "bug", "…"),
    ({"$ref": "https://a.example/k"}, "bug", "…"),
    ({"$ref": "#/$defs/k", "$defs": {"k": {"$ref": "#/$defs/k"}}}, "bug", "…"),
    (DEEP, {"in": {"in": {"in": "x"}}}, {"in": {"in": {"in": "…"}}}),
    (None, WORDS, "…"),
    (None, 7, "…"),
]  # fmt: skip
CASES = [*LITERALS, *SCALARS, *FORMS, *IDS, *SHAPES]


def test_there_are_a_hundred_of_them():
    assert len(CASES) >= 100


@pytest.mark.parametrize(("schema", "value", "seen"), CASES, ids=map(str, range(len(CASES))))
def test_a_script_sees_exactly_what_is_bounded(schema, value, seen):
    assert parted(schema, value, lambda _place, _value: "…") == seen
    field = parted(obj(it=schema or {}), {"it": value}, lambda _place, _value: "…")
    has_root = isinstance(schema, dict) and "$ref" in schema
    assert has_root or schema is None or field == {"it": seen}


def by_value(schema, value, **options):
    """Give the texts that come by value."""
    texts = []

    def walk(part):
        if isinstance(part, dict):
            for one in part.values():
                walk(one)
        elif isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, str) and part != "…":
            texts.append(part)

    walk(parted(schema, value, lambda _place, _value: "…", **options))
    return texts


def test_without_ids_they_are_sealed_as_well():
    schema = obj(id=ID, day=formed("date"), kind=KIND)
    value = {"id": "#417", "day": "2026-11-21", "kind": "bug"}

    assert by_value(schema, value) == ["#417", "2026-11-21", "bug"]
    assert by_value(schema, value, ids=False) == ["2026-11-21", "bug"]


@pytest.mark.parametrize(
    "value", [[[True] * 1_000] * 1_000, [[7] * 1_000] * 10, [["bug"] * 1_000] * 10]
)
def test_no_kind_of_field_gets_past_the_bound_in_great_number(value):
    leaf = {"anyOf": [BOOL, INT, KIND]}
    schema = {"type": "array", "items": {"type": "array", "items": leaf}}
    seen = parted(schema, value, lambda _place, _value: "…")

    assert sum(one != "…" for row in seen for one in row) <= MOST_BYTES / len("bug")


def test_an_answer_of_very_many_parts_costs_no_handle_for_each():
    schema = {"type": "array", "items": {"type": "array", "items": TEXT}}
    sealed = []

    def seal(place, inner):
        sealed.append(place)
        return f"…{len(sealed)}"

    value = [[WORDS] * 1_000] * 1_000
    assert len(parted(schema, value, seal)) == 1_000
    assert len(sealed) < MOST_PARTS + 2_000


def test_a_value_without_an_end_is_sealed_from_some_depth_on():
    value, schema = "x", {"$ref": "#/$defs/n", "$defs": {"n": {"items": {"$ref": "#/$defs/n"}}}}
    for _ in range(150):
        value = [value]
    sealed = []

    def seal(place, inner):
        sealed.append((place, inner))
        return "…"

    assert parted(schema, value, seal) is not None
    ((place, inner),) = sealed
    assert place.count("/") < 40
    assert "x" in str(inner)


@pytest.mark.parametrize("word", ["anyOf", "oneOf", "allOf"])
def test_a_schema_that_only_means_itself_takes_no_time(word):
    itself = {"$ref": "#/$defs/a"}
    schema = {"$ref": "#/$defs/a", "$defs": {"a": {word: [itself] * 50}}}

    assert parted(schema, WORDS, lambda _place, _value: "…") == "…"


SCHEMAS = st.recursive(
    st.sampled_from([schema for schema, *_ in CASES if isinstance(schema, dict)]),
    lambda inner: (
        st.builds(lambda one: {"type": "array", "items": one}, inner)
        | st.builds(lambda one, two: obj(a=one, b=two), inner, inner)
        | st.builds(lambda one, two: {"anyOf": [one, two]}, inner, inner)
    ),
    max_leaves=6,
)
LEAVES = (
    st.sampled_from([value for _, value, _ in CASES])
    | st.text(alphabet="abcdefgh0123-#. ", max_size=40)
    | st.from_regex(r"[A-Za-z0-9._:#-]{1,32}", fullmatch=True)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


def literals(schema):
    if isinstance(schema, list):
        return {text for one in schema for text in literals(one)}
    if not isinstance(schema, dict):
        return set()
    own = [*(schema.get("enum") or ()), schema.get("const")]
    return {one for one in own if isinstance(one, str)} | literals([*schema.values()])


@given(SCHEMAS, VALUES)
def test_no_words_come_by_value_that_the_script_did_not_write(schema, value):
    for text in set(by_value(schema, value)) - literals(schema):
        assert not re.search(r"\s", text)
        for part in re.split(r"[^A-Za-z0-9]+", text):
            is_word = re.search(r"[^\W\d_]{5,}", part)
            assert not is_word or re.fullmatch(r"(?=.*\d)[0-9a-fA-F]{7,}", part)
