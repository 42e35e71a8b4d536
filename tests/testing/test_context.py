"""The context a backend is tested with: it complains as told, and counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hocket.answers.submissions import Submissions
from hocket.api.approval import Judgement, Use, Verdict
from hocket.api.calls import Bound, EndState, Options, Outcome, Submission, Usage
from hocket.api.messages import Message, ProviderFailure, Stop, Text, Turn
from hocket.api.protocols import TurnGivenUp
from hocket.testing import JumpingClock, ScriptedContext, ScriptedToolContext, run

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject


def refused(complaint: str | None) -> Submission:
    return Submission(accepted=False, complaint=complaint)


def test_complaints_come_in_order_and_then_everything_is_accepted():
    async def story() -> list[Submission]:
        context = ScriptedContext(["first", None])
        return [await context.submit(n) for n in range(3)]

    assert run(story()) == [refused("first"), refused(None), Submission(accepted=True)]


def test_a_missing_answer_is_never_accepted():
    async def story() -> list[Submission]:
        context = ScriptedContext(["say something"])
        return [await context.missing(), await context.missing()]

    assert run(story()) == [refused("say something"), refused(None)]


def test_growing_is_granted_as_long_as_there_is_room():
    context = ScriptedContext(room=100)
    assert [context.grow(Bound(60)), context.grow(Bound(60)), context.grow(Bound(40))] == [
        True,
        False,
        True,
    ]


def test_it_lends_the_clock_it_was_given():
    clock = JumpingClock()
    assert ScriptedContext(clock=clock).clock is clock
    context = ScriptedContext()
    context.spend(Usage(output=1))
    context.progress("alive")
    assert (context.usage, context.said) == (Usage(output=1), ["alive"])


def whole(text: str = "x") -> Turn:
    return Turn(message=Message(role="assistant", blocks=(Text(text=text),)), stop=Stop.END)


def sending(context: ScriptedContext, *ends: Turn | ProviderFailure) -> Turn:
    """Send a turn that ends so and so, try by try."""
    row = iter(ends)

    async def once(opened) -> Turn:
        end = next(row)
        if isinstance(end, ProviderFailure):
            raise end
        opened()
        return end

    return run(context.send("lane", "prefix", once))


def test_a_turn_is_sent_again_until_it_ends():
    context = ScriptedContext()
    assert sending(context, ProviderFailure("rate"), ProviderFailure("cut"), whole()) == whole()
    assert (context.sent, context.opened) == ([("lane", "prefix")], 1)


@pytest.mark.parametrize(
    ("failures", "cause"),
    [
        ([ProviderFailure("context_full")], "context_full"),
        ([ProviderFailure("bad_request", code="odd")], "bad_request: odd"),
        ([ProviderFailure("server")] * 4, "server"),
    ],
)
def test_some_failures_are_final_and_all_of_them_after_four_tries(failures, cause):
    with pytest.raises(TurnGivenUp) as caught:
        sending(ScriptedContext(), *failures)
    assert (caught.value.state, caught.value.cause) == (EndState.ERROR, cause)


def test_the_engines_own_count_can_judge():
    async def story() -> list[bool]:
        schema: JsonObject = {"type": "object", "required": ["n"]}
        context = ScriptedContext(submissions=Submissions(schema))
        said = [await context.submit({}), await context.missing(), await context.submit({"n": 1})]
        return [one.accepted for one in said]

    assert run(story()) == [False, False, True]


def test_uses_are_allowed_unless_denied_and_remembered():
    context = ScriptedContext()
    context.denied = {"Bash(rm)": "no"}
    uses = [Use("Bash", shown, frozenset(), {}) for shown in ("Bash(ls)", "Bash(rm)")]

    async def story() -> list[Judgement]:
        return [await context.decide(use) for use in uses]

    assert run(story()) == [Judgement(Verdict.ALLOW), Judgement(Verdict.DENY, "no")]
    assert context.uses == uses


def test_every_token_costs_alike_or_nobody_knows():
    context = ScriptedContext()
    usage = Usage(input=1, cache_read=2, cache_write=3, cache_write_1h=4, output=5)
    assert context.price("p", "m", usage) == 0
    context.micros_per_token = 2
    assert context.price("p", "m", usage) == 30
    context.micros_per_token = None
    assert context.price("p", "m", usage) is None


def test_spawned_agents_give_what_they_are_told_to():
    failed = Outcome(EndState.STALLED)

    async def story() -> list[Outcome]:
        context.children = {"a": "answer", "b": failed}
        return [await context.spawn(name, Options(), label="l") for name in "abc"]

    context = ScriptedContext()
    assert run(story()) == [Outcome(EndState.OK, "answer"), failed, Outcome(EndState.OK)]
    assert context.spawned[0] == ("a", Options(), "l")


def test_lines_money_and_the_workspace_are_kept():
    context = ScriptedContext(room=10)
    context.record("turn", {"n": 1})
    context.spend(Usage(output=2))
    assert context.grow(Bound(3))
    assert (context.records, context.spent) == ([("turn", {"n": 1})], [Usage(output=2)])
    assert context.grown == [Bound(3)]
    assert context.tools.workspace.path == Path("/workspace")
    tools = ScriptedToolContext(Path("/other"))
    assert ScriptedContext(tools=tools).tools is tools
