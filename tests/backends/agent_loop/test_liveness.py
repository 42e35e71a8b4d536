"""Replies that drip, ping, fall silent or break: who lives, who is sent again, who is given up."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.calls import Usage
from hocket.api.messages import Opened, ProviderFailure
from hocket.testing import (
    JumpingClock,
    ScriptedContext,
    ScriptedModel,
    ScriptedTurn,
    ScriptedUse,
    run,
)

MINUTE = 60.0
HOUR = 3_600.0


def test_thirty_minutes_of_drips_live(agents):
    slow = ScriptedTurn(text="x" * 15, pieces=15, drip_s=120.0)
    played = agents.play(slow)
    assert played.outcome.value == "x" * 15
    assert (len(played.model.requests), played.seconds) == (1, 30 * MINUTE)


def test_a_tool_that_takes_thirty_minutes_lives(agents):
    tool = agents.Trick("Bash", takes_s=30 * MINUTE)
    played = agents.play(ScriptedTurn(uses=(ScriptedUse("Bash", {"x": 1}),)), "x", tools=[tool])
    assert (played.outcome.value, len(played.model.requests)) == ("x", 2)


def test_pings_alone_live_for_ten_minutes_and_the_same_messages_are_sent_again(agents):
    pinging = ScriptedTurn(pings=(40, 20.0), text="late")
    played = agents.play(pinging, "In time.")
    assert played.outcome.value == "In time."
    first, second = played.model.requests
    assert first == second
    assert 10 * MINUTE <= played.seconds <= 10 * MINUTE + 2
    assert played.lines("stall") == [{"cause": "nothing came", "text": ""}]


def test_pings_stretch_silence_within_that(agents):
    assert agents.play(ScriptedTurn(pings=(4, 140.0), text="late")).outcome.value == "late"


def test_silence_is_a_stall_and_after_three_of_them_the_call_is_given_up(agents):
    silent = ScriptedTurn(text="Half a ", hangs_s=HOUR)
    played = agents.play(silent)
    assert played.end == ("stalled", "nothing heard for 180 s, 3 times")
    assert played.outcome.partial == "Half a "
    assert len(played.model.requests) == 3
    assert 540 <= played.seconds <= 546
    assert played.model.dropped == 3


def test_the_call_says_how_long_silence_may_be(agents):
    played = agents.play(ScriptedTurn(silent_s=HOUR), "x", stall_s=20.0)
    assert 20 <= played.seconds <= 22


def test_a_longer_patience_holds_for_pings_too(agents):
    pinging = ScriptedTurn(pings=(1, 700.0), text="x")
    assert agents.play(pinging, stall_s=900.0).outcome.value == "x"


class Local(ScriptedModel):
    """A server on this machine."""

    local = True


def test_a_local_server_has_ten_minutes_for_the_prompt_and_then_no_more(agents):
    slow = ScriptedTurn(silent_s=590.0, text="x")
    assert agents.play(model=Local(slow)).outcome.value == "x"
    silent = ScriptedTurn(text="Half", silent_s=590.0, hangs_s=HOUR)
    played = agents.play(model=Local(silent, "x"))
    assert played.outcome.value == "x"
    assert 770 <= played.seconds <= 772


class Sleepy(JumpingClock):
    """A clock on a machine that is stopped once."""

    def __init__(self, at_s, for_s):
        super().__init__()
        self._at, self._for = at_s, for_s

    def monotonic(self):
        now = super().monotonic()
        return now + self._for if now >= self._at else now


def test_a_machine_that_slept_opens_the_connection_again_and_blames_nobody(agents):
    context = agents.context(clock=Sleepy(at_s=10.0, for_s=HOUR))
    silent = ScriptedTurn(text="Half", drip_s=30.0)
    played = agents.play(silent, "Whole.", context=context)
    assert played.outcome.value == "Whole."
    assert played.lines("stall") == [{"cause": "hocket did not run", "text": ""}]
    assert played.seconds <= 12


def test_a_late_tick_is_no_sleep(agents):
    context = agents.context(clock=Sleepy(at_s=10.0, for_s=4.0))
    played = agents.play(ScriptedTurn(text="x", drip_s=30.0), context=context)
    assert (len(played.model.requests), played.outcome.value) == (1, "x")


def test_waiting_for_the_engine_is_no_silence(agents):
    class Busy(ScriptedContext):
        async def send(self, lane, prefix, turn):
            await self.clock.sleep(HOUR)
            return await super().send(lane, prefix, turn)

    played = agents.play("x", context=Busy(room=10**9))
    assert (played.outcome.value, len(played.model.requests)) == ("x", 1)


def test_views_see_a_sign_of_life_at_most_every_two_seconds(agents):
    slow = ScriptedTurn(text="x" * 100, pieces=100, drip_s=0.5)
    played = agents.play(slow)
    assert 20 <= len(played.context.said) <= 25
    assert played.context.said[0].endswith("bytes received")


@given(at=st.integers(0, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reply_cut_anywhere_is_never_delivered_and_the_result_is_the_same(agents, at):
    whole = "The answer is forty-two, and here is why."
    broken = ScriptedTurn(text=whole[:at], pieces=7, fails=ProviderFailure("cut", code="reset"))
    played = agents.play(broken, ScriptedTurn(text=whole))
    assert played.outcome.value == whole
    assert played.model.requests[0] == played.model.requests[1]
    assert played.context.submitted == [whole]


def test_a_stream_that_just_ends_is_cut(agents):
    class Quiet(ScriptedModel):
        async def turn(self, request):
            self.requests.append(request)
            if len(self.requests) > 1:
                async for piece in ScriptedModel("Whole.").turn(request):
                    yield piece
            else:
                yield Opened(usage=Usage(input=7, output=1))

    played = agents.play(model=Quiet())
    assert (played.outcome.value, len(played.model.requests)) == ("Whole.", 2)
    assert played.lines("retry") == [{"failure": "cut", "code": "no end", "text": ""}]


def test_what_a_broken_reply_had_used_is_booked(agents):
    broken = ScriptedTurn(text="half an answer", fails=ProviderFailure("cut"))
    played = agents.play(broken, "x")
    lost, whole = played.context.spent
    assert (lost.input, lost.output, lost.estimated) == (100, 14, True)
    assert not whole.estimated
    assert len(played.context.grown) == 2


@pytest.mark.parametrize("kind", ["rate", "overloaded", "server", "network"])
def test_a_refusal_before_the_reply_costs_nothing(agents, kind):
    played = agents.play(ProviderFailure(kind), "x")
    assert (played.outcome.value, len(played.context.spent), len(played.context.grown)) == (
        "x",
        1,
        1,
    )


def test_a_reply_that_broke_before_it_said_its_input_is_booked_at_its_worst(agents):
    played = agents.play(ProviderFailure("cut"), "x")
    lost = played.context.spent[0]
    assert (lost.output, lost.estimated) == (32_000, True)
    assert lost.input > 500


def test_without_money_for_another_try_there_is_none(agents):
    broken = ScriptedTurn(text="half", fails=ProviderFailure("cut"))
    played = agents.play(broken, context=agents.context(room=32_000))
    assert played.end == ("over_budget", "the budget has no room for another turn")
    assert (played.outcome.partial, len(played.model.requests)) == ("half", 1)


def test_a_cancelled_call_leaves_no_reply_open(agents):
    model = ScriptedModel(ScriptedTurn(text="x", hangs_s=HOUR))
    loop = agents.loop(model)

    async def story():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await loop.run(agents.call(), agents.context())
        await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert run(story()) == 1
