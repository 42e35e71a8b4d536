"""What a person is told once in a run, whichever call comes first."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hocket.api.calls import Usage
from hocket.api.messages import Capabilities, Closed, Message, Opened, Stop, Text, Turn
from hocket.testing import ScriptedContext, ScriptedModel, ScriptedTurn, run
from hocket_plugins.backends.agent_loop.notes import UNKEPT, Notes

OLD = "standin-1 is deprecated and will retire"
DROPPED = "standin-1 takes no effort"


class Frank(ScriptedModel):
    """Says with every turn what it left out."""

    async def turn(self, request):
        yield Opened()
        message = Message(role="assistant", blocks=(Text(text="Done."),))
        yield Closed(turn=Turn(message=message, stop=Stop.END, notes=(DROPPED,)))


def test_a_note_is_told_once_and_kept_with_the_call_that_came_first(agents):
    model = Frank(capabilities=Capabilities(notes=(OLD,)))
    loop = agents.loop(model)
    contexts = [ScriptedContext(room=10**9) for _ in range(2)]

    async def main():
        return [await loop.run(agents.call(number=n), c) for n, c in enumerate(contexts, 1)]

    first, second = run(main())
    assert (first.notes, second.notes) == ((OLD, DROPPED), ())
    assert [context.said for context in contexts] == [[OLD, DROPPED], []]


def test_a_call_that_failed_keeps_them_too(agents):
    model = ScriptedModel("", capabilities=Capabilities(notes=(OLD,)))
    context = agents.context([None])
    played = agents.play(model=model, context=context)
    assert (played.outcome.state.value, played.outcome.notes) == ("invalid", (OLD,))


@dataclass
class Teller:
    """Hears signs of life."""

    said: list

    def progress(self, text):
        self.said.append(text)


@pytest.mark.parametrize("again", [1, 3])
def test_the_same_words_are_one_note(again):
    notes, teller = Notes(), Teller([])
    told = [notes.tell(["a", "b", "a"], teller) for _ in range(again)]
    assert told == [["a", "b"], *[[]] * (again - 1)]
    assert teller.said == ["a", "b"]


KEEPS = Capabilities(window=200_000, prefix_cache="explicit", prefix_minimum=1)


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        ({}, 1),
        ({"cache_read": 90}, 0),
        ({"cache_write": 90}, 0),
        ({"cache_write_1h": 90}, 0),
        ({"estimated": True}, 0),
    ],
)
def test_a_prefix_that_is_not_kept_is_told_by_the_second_that_shares_it(agents, usage, told):
    used = Usage(input=100, output=10, cost_micros=None, **usage)
    model = ScriptedModel(ScriptedTurn(text="x", usage=used), capabilities=KEEPS)
    loop = agents.loop(model)

    async def main():
        calls = [(agents.call(number=n), ScriptedContext(room=10**9)) for n in range(4)]
        return [await loop.run(call, context) for call, context in calls]

    outcomes = run(main())
    assert [len(outcome.notes) for outcome in outcomes] == [0, told, 0, 0]
    assert all(UNKEPT in outcome.notes for outcome in outcomes[1 : 1 + told])


def test_where_nothing_is_to_be_kept_nobody_misses_it(agents):
    loop = agents.loop(ScriptedModel("x"))
    contexts = [ScriptedContext(room=10**9) for _ in range(2)]
    run_all = [loop.run(agents.call(number=n), c) for n, c in enumerate(contexts)]

    async def main():
        return [await one for one in run_all]

    assert [outcome.notes for outcome in run(main())] == [(), ()]
