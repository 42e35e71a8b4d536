"""The scripted model: it says its turns one after another, in the time it was told to take."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from hocket.api.calls import Usage
from hocket.api.messages import (
    Closed,
    Delta,
    Foreign,
    Message,
    Opened,
    Ping,
    ProviderFailure,
    Stop,
    Text,
    Thinking,
    ToolUse,
    TurnRequest,
)
from hocket.testing import JumpingClock, ScriptedModel, ScriptedTurn, ScriptedUse, run


def request(text="hello"):
    message = Message(role="user", blocks=(Text(text=text),))
    return TurnRequest(model="m", messages=(message,), max_tokens=10)


def heard(model, asked=None):
    """Hear one turn, with the seconds at which each piece came."""

    async def story():
        clock = JumpingClock()
        async with aclosing(model.turn(asked or request())) as reply:
            return [(clock.monotonic(), piece) async for piece in reply]

    return run(story())


def turn(model):
    return heard(model)[-1][1].turn


def test_a_text_is_a_whole_turn():
    (_, opened), (_, delta), (_, closed) = heard(ScriptedModel("Hello."))
    assert opened == Opened(usage=Usage(input=100, output=1, cost_micros=None))
    assert delta == Delta(part="text", index=1, text="Hello.")
    assert isinstance(closed, Closed)
    assert closed.turn.message == Message(role="assistant", blocks=(Text(text="Hello."),))
    assert (closed.turn.stop, closed.turn.model_served) == (Stop.END, "m")
    assert closed.turn.usage == Usage(input=100, output=10, cost_micros=None)


def test_turns_come_one_after_another_and_the_last_one_stays():
    model = ScriptedModel("a", "b")
    said = [turn(model).message.blocks[0].text for _ in range(3)]
    assert (said, len(model.requests)) == (["a", "b", "b"], 3)
    assert turn(ScriptedModel()).message.blocks[0].text == "Done."


def test_thoughts_come_first_and_uses_last_each_with_an_id_of_its_own():
    block = Foreign(provider="scripted", data={"type": "odd"})
    uses = (ScriptedUse("Read", {"x": 1}), ScriptedUse("Read", '{"x": '))
    model = ScriptedModel(ScriptedTurn(thinking="Hm.", text="I look.", uses=uses, blocks=(block,)))
    said = turn(model)
    assert said.stop is Stop.TOOLS
    assert said.message.blocks == (
        Thinking(text="Hm.", signature="signed"),
        block,
        Text(text="I look."),
        ToolUse(id="use_1", name="Read", raw='{"x": 1}'),
        ToolUse(id="use_2", name="Read", raw='{"x": '),
    )
    assert turn(model).message.blocks[-1].id == "use_4"


def test_a_stop_can_be_any():
    cut = ScriptedTurn(text="half", stop=Stop.MAX_TOKENS)
    assert turn(ScriptedModel(cut)).stop is Stop.MAX_TOKENS


def test_silence_pings_drips_and_hanging_take_their_time():
    slow = ScriptedTurn(
        text="abcde", silent_s=10.0, pings=(2, 5.0), pieces=3, drip_s=1.0, hangs_s=100.0
    )
    pieces = heard(ScriptedModel(slow))
    assert [(when, type(piece)) for when, piece in pieces] == [
        (10.0, Opened),
        (15.0, Ping),
        (20.0, Ping),
        (21.0, Delta),
        (22.0, Delta),
        (23.0, Delta),
        (123.0, Closed),
    ]
    assert [piece.text for _, piece in pieces if isinstance(piece, Delta)] == ["ab", "cd", "e"]


def test_a_failure_comes_at_once_or_after_what_was_said():
    model = ScriptedModel(
        ProviderFailure("rate"), ScriptedTurn(text="half", fails=ProviderFailure("cut"))
    )
    with pytest.raises(ProviderFailure, match="rate"):
        heard(model)
    assert model.dropped == 0
    with pytest.raises(ProviderFailure, match="cut"):
        heard(model)
    assert model.dropped == 1


def test_a_function_decides_by_the_request():
    def say(asked):
        return asked.messages[0].blocks[0].text.upper()

    assert heard(ScriptedModel(say), request("loud"))[-1][1].turn.message.blocks[0].text == "LOUD"


def test_it_knows_its_lane_its_names_and_what_was_asked_of_it():
    model = ScriptedModel(name="mine")
    model.aliases = {"small": "m-1"}

    async def story():
        return [
            await model.resolve("small"),
            await model.resolve("m-2"),
            await model.count(request()),
            (await model.capabilities("m-1")).max_output,
        ]

    assert run(story()) == ["m-1", "m-2", None, 64_000]
    assert (model.lane("m-1"), model.asked, model.closed) == ("mine|m-1", ["m-1"], False)
    run(model.aclose())
    assert model.closed
