"""Whatever is wrong with answers, an agent is asked in one conversation, five times in all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.answers.submissions import CHECK_TAIL, EMPTY, HOLLOW, MISSING, Submissions, complaint
from hocket.answers.validator import validator
from hocket.api.calls import Check, EndState, Outcome, Submission, Usage

N = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
RIGHT, WRONG = {"n": 7}, {"n": "x"}
TAKEN, ENOUGH = Submission(accepted=True), Submission(accepted=False)
USAGE = Usage(output=9)


def about(**properties: object) -> dict:
    return {"type": "object", "properties": properties}


def concluded(submissions: Submissions, state: EndState = EndState.OK, **more) -> Outcome:
    return submissions.conclude(Outcome(state, **more), usage=USAGE, tries=3)


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


def test_a_backend_that_says_ok_and_offered_nothing_is_invalid_and_keeps_what_it_had():
    outcome = concluded(Submissions(N), partial="half")
    assert (outcome.state, outcome.cause, outcome.partial) == (
        EndState.INVALID,
        "no answer given",
        "half",
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
