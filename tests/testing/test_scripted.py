"""The scripted backend: rules, submissions, instructions, and what it remembers."""

from __future__ import annotations

import asyncio
import re

import pytest

from hocket.api.calls import Bound, Call, EndState, Options, Outcome, Usage
from hocket.errors import UsageError
from hocket.testing import (
    NEVER,
    After,
    Each,
    Fail,
    Hang,
    Progress,
    Raise,
    ScriptedBackend,
    ScriptedContext,
    Tokens,
    run,
)


def call(prompt: str, occurrence: int = 0, **options: object) -> Call:
    return Call(0, f"key of {prompt}", occurrence, prompt, prompt, options=Options(**options))


def play(backend: ScriptedBackend, *calls: Call, context: ScriptedContext | None = None):
    async def story() -> list[Outcome]:
        lent = context or ScriptedContext()
        return [await backend.run(asked, lent) for asked in calls]

    return run(story())


def values(backend: ScriptedBackend, *calls: Call) -> list[object]:
    return [outcome.value for outcome in play(backend, *calls)]


def test_the_whole_prompt_goes_before_a_part_of_it_then_the_order_of_rules():
    backend = ScriptedBackend(
        {
            "port": "a part",
            re.compile(r"^port \d+$"): "a pattern",
            "port 8080": "the whole",
            (lambda asked: asked.occurrence == 7): "a function",
            "": "anything",
        }
    )
    asked = [call("port 8080"), call("port 9"), call("deck 9", 7), call("deck 9")]
    assert values(backend, *asked) == ["the whole", "a part", "a function", "anything"]
    assert backend.calls == ["port 8080", "port 9", "deck 9", "deck 9"]


def test_a_pattern_finds_its_prompt():
    backend = ScriptedBackend({re.compile(r"\bfile (\d+)"): "numbered", "": "other"})
    assert values(backend, call("read file 12"), call("read file x")) == ["numbered", "other"]


def test_a_function_makes_the_answer_from_the_call():
    backend = ScriptedBackend({"": lambda asked: {"seen": asked.prompt.upper()}})
    assert values(backend, call("abc")) == [{"seen": "ABC"}]


def test_equal_calls_are_answered_one_by_one_and_the_last_answer_stays():
    backend = ScriptedBackend({"vote": Each(["yes", "no", Fail(EndState.TIMEOUT)])})
    outcomes = play(backend, *[call("vote", n) for n in range(4)])
    assert [outcome.value for outcome in outcomes] == ["yes", "no", None, None]
    assert [outcome.state for outcome in outcomes[2:]] == [EndState.TIMEOUT] * 2


def test_an_unmatched_prompt_names_itself_and_the_nearest_rule():
    backend = ScriptedBackend({"Audit b.py": "x", re.compile("Plan .*"): "y", never_fits: "z"})
    with pytest.raises(UsageError) as raised:
        play(backend, call("Audit a.py"))
    assert raised.value.message == (
        "ScriptedBackend: no rule answers the prompt 'Audit a.py'; "
        "expected one of 'Audit b.py', 'Plan .*', 'never_fits'."
    )
    assert raised.value.hint == "The nearest rule is 'Audit b.py'."


def never_fits(asked: Call) -> bool:
    return False


def test_without_any_rule_the_error_says_so():
    with pytest.raises(UsageError, match="at least one rule"):
        play(ScriptedBackend({}), call("hello"))


def test_wrong_wrong_right_is_three_submissions():
    backend = ScriptedBackend({"": ["wrong", "wrong", {"n": 7}]})
    context = ScriptedContext(["must be an object", "must be an object"])
    (outcome,) = play(backend, call("count"), context=context)
    assert (outcome.state, outcome.value) == (EndState.OK, {"n": 7})
    assert backend.submissions == context.submitted == ["wrong", "wrong", {"n": 7}]


def test_always_wrong_repeats_until_no_try_is_left():
    backend = ScriptedBackend({"": {"n": "seven"}})
    (outcome,) = play(backend, call("count"), context=ScriptedContext(["no"] * 4 + [None]))
    assert outcome.state is EndState.INVALID
    assert backend.submissions == [{"n": "seven"}] * 5


def test_never_submitting_is_reminded_and_then_given_up():
    backend = ScriptedBackend({"": NEVER})
    context = ScriptedContext(["you did not answer"])
    (outcome,) = play(backend, call("count"), context=context)
    assert (outcome.state, context.reminders, context.submitted) == (EndState.INVALID, 2, [])
    assert backend.submissions == [NEVER, NEVER]


def test_a_reminder_can_help():
    backend = ScriptedBackend({"": [NEVER, "here it is"]})
    (outcome,) = play(backend, call("count"), context=ScriptedContext(["you did not answer"]))
    assert outcome.value == "here it is"


def test_failures_are_outcomes_and_bugs_are_exceptions():
    stopped = Fail(EndState.STALLED, "nothing heard for 180 s", partial="half")
    backend = ScriptedBackend({"slow": stopped, "bug": Raise(ZeroDivisionError("mine"))})
    assert play(backend, call("slow")) == [
        Outcome(EndState.STALLED, cause="nothing heard for 180 s", partial="half")
    ]
    with pytest.raises(ZeroDivisionError):
        play(backend, call("bug"))
    assert backend.in_flight == 0


def test_an_outcome_may_be_given_as_it_is():
    outcome = Outcome(EndState.REFUSED, cause="policy", notes=("noted",))
    assert play(ScriptedBackend({"": outcome}), call("x")) == [outcome]


def test_turns_are_booked_one_after_another_and_life_is_shown():
    first, second = Usage(input=10, output=5, cost_micros=7), Usage(output=1, cost_micros=None)
    answer = Tokens(first, Progress("reading", Tokens(second, "done")))
    context = ScriptedContext()
    play(ScriptedBackend({"": answer}), call("x"), context=context)
    assert context.usage == Usage(input=10, output=6, cost_micros=None)
    assert context.said == ["reading"]


def test_answers_take_their_time_on_the_runs_clock():
    async def story() -> list[tuple[str, float]]:
        backend = ScriptedBackend({"slow": After(3600, "s"), "fast": After(1, "f")})
        context, seen = ScriptedContext(), []

        async def ask(prompt: str) -> None:
            outcome = await backend.run(call(prompt), context)
            seen.append((outcome.value, context.clock.monotonic()))

        async with asyncio.TaskGroup() as group:
            group.create_task(ask("slow"))
            group.create_task(ask("fast"))
        assert (backend.most_in_flight, backend.in_flight) == (2, 0)
        return seen

    assert run(story()) == [("f", 1), ("s", 3600)]


def test_a_hanging_agent_is_ended_from_outside():
    async def story() -> int:
        backend = ScriptedBackend({"": Hang()})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await backend.run(call("x"), ScriptedContext())
        return backend.in_flight

    assert run(story()) == 0


def test_the_bound_is_the_declared_one_or_the_calls_own():
    backend = ScriptedBackend({}, bound=Bound(500, 90))
    assert backend.bound(call("x")) == Bound(500, 90)
    assert backend.bound(call("x", max_tokens=9_000)) == Bound(500, 90)
    assert backend.bound(call("x", max_tokens=100)) == Bound(100, 90)


def test_it_says_whether_it_has_files_and_that_it_was_closed():
    backend = ScriptedBackend({}, has_workspace=True, checks_pass=True)
    run(backend.aclose())
    assert (backend.has_workspace, backend.checks_pass, backend.closed) == (True, True, True)
    plain = ScriptedBackend({})
    assert (plain.has_workspace, plain.checks_pass, plain.closed) == (False, False, False)
