"""Answers are checked, mended where the meaning is plain, and asked for again five times in all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hocket.api.calls import Check, EndState, Outcome, Submission, Usage
from hocket.engine.answers import CHECK_TAIL, EMPTY, HOLLOW, MISSING, Submissions, complaint
from hocket.engine.misfits import LONGEST_VALUE
from hocket.engine.schemas import preflight
from hocket.engine.validator import validator

N = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
RIGHT, WRONG = {"n": 7}, {"n": "x"}
TAKEN, ENOUGH = Submission(accepted=True), Submission(accepted=False)
USAGE = Usage(output=9)


def about(**properties: object) -> dict:
    return {"type": "object", "properties": properties}


def errors(schema: dict, value) -> list[str]:
    assert preflight(schema) is None
    return list(validator(schema).check(value)[1])


def converted(schema: dict, value):
    mended, misfits = validator(schema).check(value)
    assert misfits == []
    return mended


def concluded(submissions: Submissions, state: EndState = EndState.OK, **more) -> Outcome:
    return submissions.conclude(Outcome(state, **more), usage=USAGE, tries=3)


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
    assert Submissions(schema).offer({"free": deep}) == TAKEN


def test_a_long_list_of_objects_is_compared_in_one_pass():
    rows = [{"id": number, "text": "x"} for number in range(20_000)]
    schema = about(rows={"uniqueItems": True})
    assert errors(schema, {"rows": rows}) == []
    assert len(errors(schema, {"rows": [*rows, rows[0]]})) == 1


def test_equal_schemas_share_one_validator():
    assert validator(N) is validator({key: N[key] for key in reversed(list(N))})


# Submissions


def test_a_right_answer_is_taken_and_stands():
    submissions = Submissions(N)
    assert [submissions.offer({"n": "7"}), submissions.offer(WRONG)] == [TAKEN, TAKEN]
    assert submissions.missing() == TAKEN
    outcome = concluded(submissions, EndState.STALLED, cause="late", notes=("a",))
    assert outcome == Outcome(EndState.OK, RIGHT, usage=USAGE, tries=3, notes=("a",))
    assert submissions.count == 1


def test_wrong_wrong_right_are_three_submissions():
    submissions = Submissions(N)
    first, second, third = (submissions.offer(value) for value in (WRONG, {}, RIGHT))
    assert first.complaint == (
        "Submission 1 of 5 does not fit the schema:\n"
        '- /n: must be integer, is "x"\nGive the whole answer again.'
    )
    assert second.complaint is not None
    assert '- /: must have "n", is {}' in second.complaint
    assert (third, submissions.count) == (TAKEN, 3)
    assert concluded(submissions).value == RIGHT


def test_the_schema_is_said_again_from_the_third_complaint_on():
    submissions = Submissions(N)
    said = [submissions.offer(WRONG).complaint or "" for _ in range(4)]
    again = json.dumps(validator(N).schema)
    assert [again in complaint for complaint in said] == [False, False, True, True]


def test_always_wrong_is_invalid_after_five_and_keeps_what_there_was():
    submissions = Submissions(N)
    replies = [submissions.offer({"n": f"secret {number}"}) for number in range(5)]
    assert [reply.complaint is None for reply in replies] == [False] * 4 + [True]
    assert (submissions.exhausted, submissions.offer(RIGHT)) == (True, ENOUGH)
    outcome = concluded(submissions)
    assert outcome.state is EndState.INVALID
    assert outcome.cause == "schema not met after 5 submissions (/n: must be integer)"
    assert (outcome.value, outcome.partial) == (None, {"n": "secret 4"})
    assert (outcome.usage, outcome.tries, submissions.count) == (USAGE, 3, 5)


def test_a_text_is_kept_where_there_never_was_an_object():
    submissions = Submissions(N)
    submissions.offer("I think it is seven.")
    outcome = concluded(submissions)
    assert (outcome.state, outcome.partial) == (EndState.INVALID, "I think it is seven.")
    assert outcome.cause == "schema not met after 1 submission (/: must be object)"
    submissions = Submissions(N)
    submissions.offer([1])
    assert (submissions.partial, submissions.raw_text, submissions.last_object) == (None,) * 3


def test_an_end_without_an_answer_is_reminded_once():
    submissions = Submissions(N)
    reminder = submissions.missing()
    assert reminder.complaint == f"{MISSING}\n{json.dumps(validator(N).schema)}"
    assert submissions.missing() == ENOUGH
    assert (submissions.missing(), submissions.offer(RIGHT)) == (ENOUGH, ENOUGH)
    outcome = concluded(submissions)
    assert (outcome.state, outcome.cause) == (
        EndState.INVALID,
        "no answer given, after a reminder",
    )


def test_after_the_reminder_an_answer_is_welcome():
    submissions = Submissions(N)
    submissions.missing()
    assert (submissions.offer(RIGHT), submissions.count) == (TAKEN, 2)


def test_the_reminder_counts_as_one_of_five():
    submissions = Submissions(N)
    for _ in range(4):
        submissions.offer(WRONG)
    assert submissions.missing() == ENOUGH
    assert concluded(submissions).cause == "no answer given"


def test_a_backend_that_says_ok_and_offered_nothing_is_invalid():
    outcome = concluded(Submissions(N), partial="half")
    assert (outcome.state, outcome.cause, outcome.partial) == (
        EndState.INVALID,
        "no answer given",
        None,
    )


def test_another_end_stays_and_takes_what_was_kept_along():
    submissions = Submissions(N)
    submissions.offer(WRONG)
    outcome = concluded(submissions, EndState.STALLED, cause="silent")
    assert outcome == Outcome(EndState.STALLED, cause="silent", partial=WRONG, usage=USAGE, tries=3)
    better = concluded(submissions, EndState.STALLED, partial="all the text")
    assert better.partial == "all the text"


# Answers that say nothing

REVIEW = {
    "type": "object",
    "properties": {
        "verdict": {"enum": ["good", "bad"]},
        "summary": {"type": "string", "description": "One line about it."},
        "issues": {"type": "array", "items": {"type": "string"}},
    },
}


@pytest.mark.parametrize(
    "hollow",
    [
        {"summary": ""},
        {"summary": " \n"},
        {"summary": "..."},
        {"summary": "string"},
        {"summary": " One line about it. ", "issues": ["…", ""]},
    ],
)
def test_an_answer_that_says_nothing_is_asked_for_once_more(hollow):
    submissions = Submissions(REVIEW)
    assert submissions.offer(hollow).complaint == HOLLOW
    assert submissions.offer(hollow) == TAKEN
    assert (concluded(submissions).value, submissions.count) == (hollow, 2)


@pytest.mark.parametrize(
    "answer",
    [{}, {"issues": []}, {"summary": "", "issues": ["real"]}, {"verdict": "bad", "summary": ""}],
)
def test_an_answer_with_any_word_or_none_to_give_is_taken(answer):
    assert Submissions(REVIEW).offer(answer) == TAKEN


def test_a_word_the_schema_offers_is_never_hollow():
    schema = about(type={"enum": ["string", "number"]}, mark={"const": ""})
    assert Submissions(schema).offer({"type": "string"}) == TAKEN
    assert Submissions(schema).offer({"mark": ""}) == TAKEN


def test_a_hollow_answer_is_better_than_none():
    submissions = Submissions(REVIEW)
    submissions.offer({"summary": ""})
    assert concluded(submissions) == Outcome(EndState.OK, {"summary": ""}, usage=USAGE, tries=3)
    assert concluded(submissions, EndState.STALLED).state is EndState.STALLED


def test_the_fifth_submission_is_not_asked_for_again():
    submissions = Submissions(REVIEW)
    for _ in range(4):
        submissions.offer({"summary": 5})
    assert submissions.offer({"summary": ""}) == TAKEN


# Without a schema


def test_a_text_is_taken_as_it_is():
    submissions = Submissions(None)
    assert submissions.offer("  hi \n") == TAKEN
    assert concluded(submissions).value == "  hi \n"


def test_an_empty_text_is_asked_for_once_more_and_then_it_is_the_answer():
    submissions = Submissions(None)
    assert submissions.offer("").complaint == EMPTY
    assert submissions.offer("") == TAKEN
    outcome = concluded(submissions)
    assert (outcome.state, outcome.value, outcome.notes) == (EndState.OK, "", ("empty",))


def test_no_text_at_all_is_an_empty_text():
    submissions = Submissions(None)
    assert [submissions.missing().complaint, submissions.missing()] == [EMPTY, TAKEN]
    assert concluded(submissions).value == ""


def test_a_backend_that_cannot_be_asked_again_ends_with_the_empty_text():
    submissions = Submissions(None)
    submissions.offer("")
    assert (concluded(submissions).state, concluded(submissions).value) == (EndState.OK, "")


def test_text_after_the_empty_one_is_not_noted_as_empty():
    submissions = Submissions(None)
    submissions.offer(" ")
    assert submissions.offer("there") == TAKEN
    assert (concluded(submissions).value, concluded(submissions).notes) == ("there", ())


def test_what_is_no_text_becomes_one():
    submissions = Submissions(None)
    submissions.offer({"a": [1]})
    assert concluded(submissions).value == '{"a": [1]}'


# Checks

TESTS = Check("tests", "npm test")


def checked(submissions: Submissions, *exits: int) -> list[Submission]:
    """Offer a right answer for every run of the check, until it passes."""
    replies: list[Submission] = []
    for code in exits:
        assert submissions.offer(RIGHT) == TAKEN
        if code:
            replies.append(submissions.failed_check(TESTS, code, f"output {code}"))
    return replies


def test_a_check_that_passes_the_third_time_gives_the_value():
    submissions = Submissions(N)
    first, second = checked(submissions, 1, 2, 0)
    assert first.complaint == 'check "tests" failed once (exit 1):\noutput 1'
    assert second.complaint == 'check "tests" failed 2 times (exit 2):\noutput 2'
    assert (concluded(submissions).value, submissions.count) == (RIGHT, 3)


def test_a_check_that_never_passes_is_invalid():
    submissions = Submissions(N)
    assert checked(submissions, 1, 1, 1)[-1] == ENOUGH
    outcome = concluded(submissions)
    assert (outcome.state, outcome.cause, outcome.partial) == (
        EndState.INVALID,
        'check "tests" failed 3 times (exit 1)',
        RIGHT,
    )


def test_failed_checks_and_wrong_answers_share_the_five():
    submissions = Submissions(N)
    for _ in range(4):
        submissions.offer(WRONG)
    assert checked(submissions, 9) == [ENOUGH]
    assert concluded(submissions).cause == 'check "tests" failed once (exit 9)'


def test_only_the_end_of_a_check_s_output_is_said():
    submissions = Submissions(N)
    submissions.offer(RIGHT)
    reply = submissions.failed_check(TESTS, 1, "x" * 9_000 + "end")
    assert reply.complaint is not None
    assert reply.complaint.endswith("xend")
    assert len(reply.complaint) == CHECK_TAIL + len('check "tests" failed once (exit 1):\n')


def test_a_backend_that_stops_after_a_failed_check_is_invalid():
    submissions = Submissions(N)
    checked(submissions, 1)
    assert concluded(submissions).state is EndState.INVALID


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


@given(st.lists(JSON | st.just("missing"), max_size=9))
def test_a_call_never_takes_more_than_five_submissions_and_quotes_no_agent(offers):
    submissions = Submissions(SHAPE)
    for offer in offers:
        reply = submissions.missing() if offer == "missing" else submissions.offer(offer)
        assert reply.accepted == submissions.accepted
        assert (reply.complaint is None) == (submissions.accepted or submissions.exhausted)
    assert submissions.count <= 5
    outcome = concluded(submissions)
    assert outcome.state in (EndState.OK, EndState.INVALID)
    if outcome.state is EndState.INVALID:
        assert outcome.cause is not None
        assert '"z"' not in outcome.cause


def test_the_complaint_can_be_made_apart():
    _, misfits = validator(N).check(WRONG)
    assert "Submission 4 of 5" in complaint(validator(N), misfits, 4)
