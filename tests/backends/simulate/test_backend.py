"""Simulated agents: the same for the same call, bounded, priced, and failing by share."""

from __future__ import annotations

import asyncio
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Call, EndState, Options, Outcome, Usage
from hocket.testing import JumpingClock, ScriptedContext, run
from hocket_plugins.backends.simulate.backend import SimulateBackend
from hocket_plugins.backends.simulate.behaviour import Behaviour

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def call(key: str, occurrence: int = 0, prompt: str = "Do it.", **options: object) -> Call:
    return Call(0, key, occurrence, prompt, "label", options=Options(**options))


def play(told: str, *calls: Call) -> list[tuple[Outcome, Usage, float]]:
    """Run calls one by one: outcome, usage and seconds of each."""

    async def story() -> list[tuple[Outcome, Usage, float]]:
        backend, clock, seen = SimulateBackend(Behaviour.told(told)), JumpingClock(), []
        for asked in calls:
            context, before = ScriptedContext(clock=clock), clock.monotonic()
            outcome = await backend.run(asked, context)
            seen.append((outcome, context.usage, clock.monotonic() - before))
        await backend.aclose()
        return seen

    return run(story())


def many(told: str, count: int, **options: object) -> list[tuple[Outcome, Usage, float]]:
    return play(told, *[call(f"{n:x}", **options) for n in range(count)])


def test_a_call_meets_the_same_agent_in_any_order_and_any_life():
    calls = [call(key, occurrence) for key in "abc" for occurrence in range(3)]
    forward, backward = play("seed=1", *calls), play("seed=1", *reversed(calls))
    assert forward == backward[::-1]
    assert len({outcome.value for outcome, _, _ in forward}) == 9


def test_another_seed_is_another_world_but_latency_changes_no_answer():
    plain = many("seed=1", 20, schema=SCHEMA)
    slow = many("seed=1,latency=3", 20, schema=SCHEMA)
    other = many("seed=2", 20, schema=SCHEMA)
    assert [outcome for outcome, _, _ in plain] == [outcome for outcome, _, _ in slow]
    assert [outcome for outcome, _, _ in plain] != [outcome for outcome, _, _ in other]


def test_without_latency_it_never_waits():
    coroutine = SimulateBackend(Behaviour()).run(call("a"), ScriptedContext())
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    assert ended.value.value.state is EndState.OK


@pytest.mark.parametrize("size", [1, 2, 200, 50_000])
def test_a_text_has_the_size_that_was_asked_for(size: int):
    texts = [outcome.value for outcome, _, _ in many(f"size={size}", 5)]
    assert [len(text) for text in texts] == [size] * 5
    assert all(text.endswith(".") for text in texts)


def test_latencies_lie_around_their_mean():
    seconds = [waited for _, _, waited in many("latency=10,jitter=0.5", 300)]
    assert all(5 <= waited <= 15.001 for waited in seconds)
    assert fmean(seconds) == pytest.approx(10, rel=0.1)
    assert {round(waited, 6) for _, _, waited in many("latency=2,jitter=0", 5)} == {2}


def test_the_drawn_share_fails_in_the_named_state_and_pays_for_it():
    played = many("fail=0.3,fail_state=stalled", 500)
    failed = [(outcome, usage) for outcome, usage, _ in played if outcome.state is not EndState.OK]
    assert len(failed) == pytest.approx(150, rel=0.25)
    assert {outcome.state for outcome, _ in failed} == {EndState.STALLED}
    assert {outcome.cause for outcome, _ in failed} == {"simulate: this call was drawn to fail"}
    assert all(usage.output > 0 for _, usage in failed)


def test_all_can_fail_and_none():
    assert {outcome.state for outcome, _, _ in many("fail=1", 50)} == {EndState.ERROR}
    assert {outcome.state for outcome, _, _ in many("fail=0", 50)} == {EndState.OK}


def test_tokens_lie_around_their_mean():
    outputs = [usage.output for _, usage, _ in many("tokens=100", 1000)]
    assert fmean(outputs) == pytest.approx(98, rel=0.12)
    assert min(outputs) >= 1
    assert max(outputs) <= 400


@given(
    st.integers(1, 5000),
    st.floats(0, 100),
    st.floats(0, 100),
    st.none() | st.integers(1, 500),
    st.text(),
    st.text(min_size=1),
)
def test_nothing_used_is_ever_above_the_bound(
    tokens: int, price: float, input_price: float, limit: int | None, key: str, prompt: str
):
    behaviour = Behaviour(tokens=tokens, price=price, input_price=input_price)
    backend, context = SimulateBackend(behaviour), ScriptedContext()
    asked = call(key, prompt=prompt, max_tokens=limit)
    bound = backend.bound(asked)
    run(backend.run(asked, context))
    assert context.usage.output <= bound.output <= (limit or 4 * tokens)
    assert 0 <= context.usage.cost_micros <= bound.cost_micros
    assert isinstance(context.usage.cost_micros, int)


def test_money_is_counted_in_millionths():
    ((_, usage, _),) = play("price=15,input_price=3,input=1000", call("a"))
    assert usage == Usage(input=1000, output=usage.output, cost_micros=3000 + 15 * usage.output)


def test_a_small_price_is_rounded_up():
    ((_, usage, _),) = play("price=0.001,tokens=1", call("a"))
    assert usage.cost_micros == 1


def test_signs_of_life_are_spread_over_the_latency():
    async def story() -> tuple[list[str], float]:
        backend = SimulateBackend(Behaviour.told("latency=9,jitter=0,progress=2"))
        context = ScriptedContext()
        await backend.run(call("a"), context)
        return context.said, asyncio.get_running_loop().time()

    said, seconds = run(story())
    assert said == ["step 1 of 2", "step 2 of 2"]
    assert seconds == pytest.approx(9)


def test_an_answer_to_a_schema_fits_it():
    ((outcome, _, _),) = play("seed=4", call("a", schema=SCHEMA))
    assert isinstance(outcome.value["n"], int)


def test_a_schema_nothing_fits_is_an_error_that_says_why():
    schema = {"type": "object", "properties": {"a": {"pattern": "(?=x)y"}}, "required": ["a"]}
    ((outcome, _, _),) = play("", call("a", schema=schema))
    assert outcome.state is EndState.ERROR
    assert outcome.cause == "simulate: no text was found for the pattern '(?=x)y'"
