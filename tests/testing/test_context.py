"""The context a backend is tested with: it complains as told, and counts."""

from __future__ import annotations

from hocket.api.calls import Bound, Submission, Usage
from hocket.testing import JumpingClock, ScriptedContext, run


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
