"""One answer against one schema: mended where the meaning is plain, named where it is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hocket.answers.misfits import LONGEST_VALUE
from hocket.answers.schemas import preflight
from hocket.answers.validator import validator

N = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def about(**properties: object) -> dict:
    return {"type": "object", "properties": properties}


def errors(schema: dict, value) -> list[str]:
    assert preflight(schema) is None
    return list(validator(schema).check(value)[1])


def converted(schema: dict, value):
    mended, misfits = validator(schema).check(value)
    assert misfits == []
    return mended


# Conversion (SCRIPT-API §2.3)


@pytest.mark.parametrize(
    ("wanted", "text", "value"),
    [
        ("integer", "7", 7),
        ("integer", " -12\n", -12),
        ("number", "1.5", 1.5),
        ("number", "7", 7),
        ("boolean", "true", True),
        ("array", "[1, [2]]", [1, [2]]),
        ("object", '{"a": null}', {"a": None}),
        (["integer", "null"], "7", 7),
    ],
)
def test_a_text_that_is_json_of_the_wanted_type_is_converted(wanted, text: str, value):
    assert converted(about(x={"type": wanted}), {"x": text}) == {"x": value}


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        ("string", 5),
        ("string", None),
        ("integer", "7.5"),
        ("integer", "7.0"),
        ("integer", "seven"),
        ("integer", ""),
        ("integer", "true"),
        ("integer", True),
        ("integer", "9" * 5_000),
        ("number", "NaN"),
        ("number", "-Infinity"),
        ("number", "1e999"),
        ("boolean", "1"),
        ("boolean", "True"),
        ("boolean", 1),
        ("null", "null"),
        ("array", "1, 2"),
        ("array", "[" * 100_000),
        ("object", "[]"),
        ("object", ["a"]),
    ],
)
def test_nothing_else_is_converted(wanted: str, value):
    mended, misfits = validator(about(x={"type": wanted})).check({"x": value})
    assert mended == {"x": value}
    assert [misfit.rule for misfit in misfits] == [f"/x: must be {wanted}"]


def test_a_text_that_may_be_a_text_stays_one():
    assert converted(about(x={"type": ["string", "integer"]}), {"x": "7"}) == {"x": "7"}


def test_conversion_goes_deep_and_through_alternatives_and_leaves_the_offer_alone():
    schema = about(
        rows={"type": "array", "items": about(n={"anyOf": [{"type": "integer"}, {"type": "null"}]})}
    )
    offered = {"rows": '[{"n": "1"}, {"n": null}, "{\\"n\\": 3}"]'}
    assert converted(schema, offered) == {"rows": [{"n": 1}, {"n": None}, {"n": 3}]}
    given_rows = {"rows": [{"n": "1"}, {"n": "2"}]}
    assert converted(schema, given_rows) == {"rows": [{"n": 1}, {"n": 2}]}
    assert given_rows == {"rows": [{"n": "1"}, {"n": "2"}]}


def test_the_whole_answer_may_be_a_text():
    assert converted(N, '{"n": "7"}') == {"n": 7}
    assert errors(N, "no answer") == ['/: must be object, is "no answer"']


def test_texts_in_texts_are_opened_a_few_times_only():
    schema: dict = {"type": "integer"}
    value: object = "1"
    for _ in range(12):
        schema = about(a=schema)
        value = json.dumps({"a": value})
    assert errors(schema, value) != []


def test_a_property_that_must_not_be_there_is_no_problem_while_it_is_not():
    assert errors(about(a=False, b={}), {"b": 1}) == []


def test_what_no_type_can_mend_stays_with_its_form():
    schema = about(x={"oneOf": [{"const": 1}, {"items": {"type": "integer"}}, True]})
    assert errors(schema, {"x": "7"}) == ['/x: must fit exactly one of 3 forms, is "7"']
    assert errors(about(x={"prefixItems": [{}], "items": False}), {"x": [1, 2]}) == [
        "/x: must not have more items, is [1, 2]"
    ]


def test_a_name_is_never_converted():
    schema = {"type": "object", "propertyNames": {"type": "integer"}}
    mended, misfits = validator(schema).check({"7": 1})
    assert mended == {"7": 1}
    assert [misfit.rule for misfit in misfits] == ["/: must be integer"]


def test_extra_keys_stay_and_defaults_are_not_filled_in():
    schema = about(a={"type": "integer", "default": 5})
    assert converted(schema, {"b": 1}) == {"b": 1}


# What is said


@pytest.mark.parametrize(
    ("rule", "value", "line"),
    [
        ({"type": "integer"}, 1.5, "must be integer, is 1.5"),
        ({"type": ["string", "null"]}, 5, "must be string or null, is 5"),
        ({"enum": ["a", "b"]}, "c", 'must be one of ["a", "b"], is "c"'),
        ({"const": "a"}, "c", 'must be "a", is "c"'),
        ({"minimum": 5}, 4, "must be ≥ 5, is 4"),
        ({"maximum": 5}, 6, "must be ≤ 5, is 6"),
        ({"exclusiveMinimum": 5}, 5, "must be > 5, is 5"),
        ({"exclusiveMaximum": 5}, 5, "must be < 5, is 5"),
        ({"multipleOf": 2}, 5, "must be a multiple of 2, is 5"),
        ({"minLength": 3}, "ab", 'must have at least 3 characters, is "ab"'),
        ({"maxLength": 1}, "ab", 'must have at most 1 characters, is "ab"'),
        ({"minItems": 1}, [], "must have at least 1 items, is []"),
        ({"maxItems": 1}, [1, 2], "must have at most 1 items, is [1, 2]"),
        ({"minProperties": 1}, {}, "must have at least 1 properties, is {}"),
        ({"maxProperties": 0}, {"a": 1}, 'must have at most 0 properties, is {"a": 1}'),
        ({"pattern": "^a"}, "b", 'must match "^a", is "b"'),
        ({"uniqueItems": True}, [1, 1.0], "must not have equal items, is [1, 1.0]"),
        (
            {"uniqueItems": True},
            [{"a": [1]}] * 2,
            'must not have equal items, is [{"a": [1]}, {"a": [1]}]',
        ),
        ({"contains": {"const": 1}}, [2], "must contain an item that fits, is [2]"),
        ({"anyOf": [{"type": "null"}, {"const": 1}]}, 5, "must fit one of 2 forms, is 5"),
        ({"oneOf": [{}, {}, False]}, 5, "must fit exactly one of 3 forms, is 5"),
        ({"not": {}}, 5, "must not fit what is excluded, is 5"),
        ({"required": ["a"]}, {}, 'must have "a", is {}'),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, 'must fit dependentRequired, is {"a": 1}'),
        (False, 5, "must not be there, is 5"),
    ],
)
def test_every_rule_is_said_in_one_style(rule, value, line: str):
    assert errors(about(n=rule), {"n": value}) == [f"/n: {line}"]


def test_properties_that_are_not_declared_are_named_to_the_agent():
    closed = about(a={}) | {"additionalProperties": False, "patternProperties": {"^x-": {}}}
    assert errors(closed, {"a": 1, "x-y": 2, "b": 3, "c": 4}) == [
        '/: must have declared properties only, is "b"',
        '/: must have declared properties only, is "c"',
    ]


def test_properties_by_pattern_and_all_others_are_checked():
    schema = about() | {
        "patternProperties": {"^n": {"type": "integer"}},
        "additionalProperties": {"type": "boolean"},
    }
    assert errors(schema, {"n1": 1, "b": True}) == []
    assert errors(schema, {"n1": None, "b": 3}) == [
        "/b: must be boolean, is 3",
        "/n1: must be integer, is null",
    ]
    assert errors(about() | {"patternProperties": {"^n": False}}, {"n1": 1}) == [
        "/n1: must not be there, is 1"
    ]


def test_rules_for_objects_and_lists_say_nothing_about_other_values():
    rules = {
        "required": ["a"],
        "additionalProperties": False,
        "patternProperties": {"a": False},
        "uniqueItems": True,
        "pattern": "a",
    }
    assert errors(about(n=rules, m={"uniqueItems": False}), {"n": 5, "m": [1, 1]}) == []
    assert errors(about(n={"uniqueItems": True}), {"n": [1, "1", True, [], {}, 1.5]}) == []


def test_pointers_are_escaped_and_masked_where_the_agent_chose_the_key():
    schema = about(**{"a/b": {"additionalProperties": {"type": "integer"}}})
    _, (misfit,) = validator(schema).check({"a/b": {"obey me": None}})
    assert misfit == "/a~1b/obey me: must be integer, is null"
    assert misfit.rule == "/a~1b/*: must be integer"


def test_values_are_cut_and_at_most_ten_lines_are_given():
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    lines = errors(schema, {f"k{number}": "x" * 5_000 for number in range(40)})
    assert len(lines) == 10
    assert lines[0] == f'/k0: must be integer, is "{"x" * (LONGEST_VALUE - 1)}'


def test_the_same_line_is_given_once():
    schema = about(n={"allOf": [{"type": "integer"}, {"type": "integer"}]})
    assert errors(schema, {"n": None}) == ["/n: must be integer, is null"]


def test_a_draft_of_the_schema_s_own_is_obeyed_behind_references_too():
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **about(pair={"items": [{"type": "integer"}, {"type": "null"}]}, inner={"$ref": "#"}),
    }
    assert errors(schema, {"pair": [1, None]}) == []
    assert errors(schema, {"inner": {"inner": {"pair": [1, 2]}}}) == [
        "/inner/inner/pair/1: must be null, is 2"
    ]


# Hostile ones


def test_answers_that_are_not_json_are_misfits():
    for value in ({"n": float("nan")}, {"n": float("inf")}, {"n": {1, 2}}):
        assert errors(N, value) == ["/: must be JSON"]


def test_recursion_that_branches_comes_to_an_end():
    schema = about(c={"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}, n={"type": "integer"})
    value: dict = {"n": "x"}
    for _ in range(60):
        value = {"c": value}
    assert errors(schema, value) == ["/: must be simpler: checking it never ends"]
    assert errors(schema, {"c": {"n": 1}}) == []


@pytest.mark.parametrize("levels", [150, 500, 900, 100_000])
def test_depth_comes_to_an_end(levels: int):
    value: dict = {}
    for _ in range(levels):
        value = {"c": value}
    assert errors(about(c={"$ref": "#"}), value) == ["/: must be simpler: checking it never ends"]
    bushy = {"anyOf": [{"allOf": [{"$ref": "#"}]}, {"type": "null"}]}
    assert errors(about(c=bushy), value) == ["/: must be simpler: checking it never ends"]


def test_a_tree_of_usual_depth_and_a_deep_value_without_rules_pass():
    tree: dict = {"n": 1}
    for _ in range(25):
        tree = {"kids": [tree]}
    schema = about(kids={"type": "array", "items": {"$ref": "#"}}, free={})
    assert errors(schema, tree) == []
    deep: list = ["word"]
    for _ in range(700):
        deep = [deep]
    assert errors(schema, {"free": deep}) == []
    assert not validator(schema).looks_empty({"free": deep})


def test_a_long_list_of_objects_is_compared_in_one_pass():
    rows = [{"id": number, "text": "x"} for number in range(20_000)]
    schema = about(rows={"uniqueItems": True})
    assert errors(schema, {"rows": rows}) == []
    assert len(errors(schema, {"rows": [*rows, rows[0]]})) == 1


def test_equal_schemas_share_one_validator():
    assert validator(N) is validator({key: N[key] for key in reversed(list(N))})


# Properties

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["7", "true", "[]", "{}", '{"n": "1"}']),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["n", "s", "l", "z"]), below, max_size=4)
    ),
    max_leaves=8,
)
SHAPE = about(
    n={"type": "integer", "minimum": 0},
    s={"type": "string", "maxLength": 3},
    l={"type": "array", "items": {"type": "number"}, "uniqueItems": True},
) | {"required": ["n"], "additionalProperties": False}


@given(JSON)
def test_what_is_taken_fits_by_the_library_s_own_word_and_the_rest_does_not(value):
    mended, misfits = validator(SHAPE).check(value)
    assert (misfits == []) == Draft202012Validator(SHAPE).is_valid(mended)
    assert validator(SHAPE).check(mended) == (mended, misfits)
    if Draft202012Validator(SHAPE).is_valid(value):
        assert mended == value
