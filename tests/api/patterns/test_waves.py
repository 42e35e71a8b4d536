"""Waves: what is asked, what is asked again, and when nothing is asked any more."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import EndState
from hocket.api.patterns.context import Ask, Reply, Spares
from hocket.api.patterns.waves import WINDOW, Waves
from hocket.testing.patterns import PatternStage, fails


def asks(count, spares=0):
    return [Ask(prompt=str(number), spares=Spares(spares)) for number in range(count)]


def played(answer, questions, max_calls=None):
    stage = PatternStage(answer)
    waves = Waves(stage, max_calls)
    replies = asyncio.run(waves.ask(questions))
    return replies, waves, [ask.prompt for ask in stage.played.asks]


def in_turn(*answers):
    rest = iter(answers)
    return lambda _ask: next(rest)


def test_replies_come_in_the_order_of_asks():
    replies, waves, asked = played(lambda ask: ask.prompt, asks(600))

    assert [reply.value for reply in replies] == asked == [str(n) for n in range(600)]
    assert (waves.calls, waves.stopped) == (600, None)


def test_failed_calls_are_asked_again_together_and_never_count():
    replies, waves, asked = played(in_turn(fails(), "b", fails(), "a", "c"), asks(3, spares=1))

    assert asked == ["0", "1", "2", "0", "2"]
    assert [reply.value for reply in replies] == ["a", "b", "c"]
    assert [reply.failed for reply in replies] == [(EndState.ERROR,), (), (EndState.ERROR,)]
    assert waves.envelope({})["census"] == {"ok": 3, "error": 2}


def test_spares_can_be_shared():
    shared = Spares(1)
    questions = [Ask(prompt=str(number), spares=shared) for number in range(3)]
    replies, waves, _ = played(lambda _ask: fails(), questions)

    assert waves.calls == 4
    assert sum(reply.tries for reply in replies) == 4


@pytest.mark.parametrize("stop", ["budget", "cap", "quota"])
def test_a_stop_leaves_the_rest_unasked(stop):
    state = {"budget": EndState.OVER_BUDGET, "cap": EndState.OVER_CAP, "quota": EndState.QUOTA}
    answer = in_turn("a", fails(state[stop], stop=stop))
    replies, waves, asked = played(answer, asks(2, spares=3))
    more = asyncio.run(waves.ask(asks(2)))

    assert asked == ["0", "1"]
    assert [reply.state for reply in (*replies, *more)] == [EndState.OK, *[state[stop]] * 3]
    assert [reply.call for reply in more] == ["", ""]
    assert waves.envelope({})["stopped"] == stop


def test_no_more_calls_are_open_than_a_run_can_have_slots():
    state = EndState.OVER_BUDGET

    async def story():
        opened = asyncio.Semaphore(0)

        class Slow(PatternStage):
            async def attempt(self, ask):
                self.played.asks.append(ask)
                await opened.acquire()
                return fails(state, stop="budget")

        stage = Slow(lambda _ask: None)
        waves = Waves(stage)
        async with asyncio.TaskGroup() as group:
            wave = group.create_task(waves.ask(asks(1000)))
            while len(stage.played.asks) < WINDOW:
                await asyncio.sleep(0)
            for _ in range(1000):
                opened.release()
        return wave.result(), len(stage.played.asks)

    replies, asked = asyncio.run(story())
    assert asked == WINDOW
    assert {reply.state for reply in replies} == {state}


def test_spares_of_an_earlier_life_count():
    reply = Reply(state=EndState.OK, value="x", call="9", failed=(EndState.TIMEOUT,))
    (answer,), waves, _ = played(lambda _ask: reply, asks(1, spares=2))

    assert (answer.value, answer.tries, waves.calls) == ("x", 2, 2)
    assert waves.census == {"ok": 1, "timeout": 1}


def test_what_is_left_out_is_not_asked_again_and_told():
    pruned = Reply(state=EndState.OVER_BUDGET, call="1", pruned=True)
    _, waves, asked = played(lambda _ask: pruned, asks(2, spares=2))
    told = waves.envelope({"x": 1})

    assert asked == ["0", "1"]
    assert (told["x"], told["complete"], told["stopped"]) == (1, False, "budget")
    assert told["notes"] == ["2 calls were left out to keep the budget: they added the least"]


@given(st.integers(0, 12), st.integers(0, 30), st.integers(0, 2), st.data())
def test_a_bound_is_never_exceeded(most, count, spares, data):
    states = st.sampled_from([EndState.OK, EndState.ERROR])

    def answer(_ask):
        return Reply(state=data.draw(states), call="1")

    _, waves, asked = played(answer, asks(count, spares), most)

    assert len(asked) == waves.calls == sum(waves.census.values()) <= most
    assert waves.left == most - waves.calls


class AsGiven:
    """Arguments that are taken as they are."""

    @staticmethod
    def model_validate(given):
        return given


class Inner:
    """An inner pattern that asks five times."""

    name, version, arguments = "inner", 1, AsGiven

    async def run(self, context, arguments):
        inner = Waves(context, arguments.get("max_calls"))
        await inner.ask(asks(5))
        inner.note("five were asked")
        return inner.envelope({"sum": 5})


def test_another_pattern_counts_as_ones_own():
    async def story(most):
        stage = PatternStage(lambda _ask: "x", patterns=[Inner()])
        waves = Waves(stage, most)
        await waves.ask(asks(1))
        result = await waves.pattern("inner", {"a": 1})
        return result, waves.envelope({})

    result, mine = asyncio.run(story(None))
    bounded, bound = asyncio.run(story(4))

    assert (result["sum"], mine["calls"], mine["notes"]) == (5, 6, ["five were asked"])
    assert (bounded["calls"], bound["calls"], bound["stopped"]) == (3, 4, "max")
    assert bound["complete"] is False


class Told:
    """An inner pattern that gives what it is told to."""

    name, version, arguments = "told", 1, AsGiven

    async def run(self, _context, arguments):
        return {**arguments["gives"], "max_calls": arguments.get("max_calls")}


def around(gives, most=None, **arguments):
    async def story():
        waves = Waves(PatternStage(lambda _ask: "x", patterns=[Told()]), most)
        result = await waves.pattern("told", {"gives": gives, **arguments})
        return waves, result, waves.envelope({})

    return asyncio.run(story())


def test_what_an_inner_pattern_left_out_does_not_stop_this_one():
    waves, _, mine = around({"complete": False, "stopped": "budget", "pruned": 3})

    assert waves.stopped is None
    assert (mine["complete"], mine["stopped"], mine["pruned"]) == (False, "budget", 3)


def test_its_own_bound_does_not_stop_this_one_and_is_told():
    waves, result, mine = around({"complete": False, "stopped": "max"}, 9, max_calls=4)

    assert (result["max_calls"], waves.stopped) == (4, None)
    assert mine["complete"] is False


@pytest.mark.parametrize("stop", ["budget", "cap", "quota"])
def test_where_nobody_can_ask_more_this_one_stops_too(stop):
    assert around({"complete": False, "stopped": stop})[0].stopped == stop
