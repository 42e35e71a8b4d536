"""Calls that edit the project's own tree do so one at a time, and nobody waits who only reads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from hocket.api.approval import Judgement, Use, Verdict
from hocket.api.calls import EndState, Options
from hocket.api.tools import Effect
from hocket.testing import ScriptedBackend

WRITE = frozenset({Effect.WRITE_WORKSPACE})
READ = frozenset({Effect.READ_PROJECT})


class Lets:
    """A policy that allows everything but what it is told not to."""

    name = "lets"

    def __init__(self, but=""):
        self._but = but

    def judge(self, _call):
        return Judgement(Verdict.ALLOW)

    def judge_use(self, _call, use):
        return Judgement(Verdict.DENY if use.shown == self._but else Verdict.ALLOW, "no")


@dataclass
class Uses:
    """An agent that wants to use a tool, and works on after that."""

    effects: frozenset
    order: list = field(default_factory=list)
    times: int = 1

    async def obey(self, call, context):
        for _ in range(self.times):
            await context.decide(Use("Edit", f"Edit({call.prompt})", self.effects, {}))
        self.order.append(f"{call.prompt} begins")
        await context.clock.sleep(1)
        self.order.append(f"{call.prompt} ends")
        return call.prompt


@pytest.fixture(autouse=True)
def allowed(hocket_project):
    """Let a person's own rule allow it, as far as rules are asked."""
    home = hocket_project.parent / "homes" / "hocket_config_home"
    (home / "config.toml").write_text('permissions.allow = ["Edit"]\n')


def play(theatre, prompts, agent, *, but="", **flags):
    asked = ", ".join(f"agent('{prompt}')" for prompt in prompts)
    backend = ScriptedBackend({"": agent}, has_workspace=True)
    outcome = theatre.play(
        f"return await parallel([{asked}])",
        backend,
        offers={"policies": [Lets(but)]},
        flags=flags or {"concurrency": 8},
    )
    return outcome, agent.order


def test_who_edits_waits_for_who_edits(theatre):
    outcome, order = play(theatre, "abc", Uses(WRITE))

    assert outcome.result == ["a", "b", "c"]
    assert order == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]


def test_who_only_reads_waits_for_nobody(theatre):
    _, order = play(theatre, "abc", Uses(READ))

    assert order[:3] == ["a begins", "b begins", "c begins"]


def test_what_is_denied_takes_no_turn(theatre):
    _, order = play(theatre, "ab", Uses(WRITE), but="Edit(a)")

    assert order[:2] == ["a begins", "b begins"]


def test_one_turn_is_enough_for_many_edits(theatre):
    outcome, order = play(theatre, "ab", Uses(WRITE, times=3))

    assert (outcome.status, len(order)) == ("completed", 4)


def test_whoever_waits_gives_its_slot_to_others(theatre):
    class Mixed(Uses):
        async def obey(self, call, context):
            self.effects = READ if call.prompt == "reader" else WRITE
            return await super().obey(call, context)

    _, order = play(theatre, ["a", "b", "reader"], Mixed(WRITE), concurrency=2)

    assert order.index("reader begins") < order.index("b begins")


def test_two_edits_of_one_turn_ask_at_once(theatre):
    class Both(Uses):
        async def obey(self, call, context):
            use = Use("Edit", f"Edit({call.prompt})", WRITE, {})
            async with asyncio.TaskGroup() as group:
                for _ in range(2):
                    group.create_task(context.decide(use))
            return call.prompt

    assert play(theatre, "ab", Both(WRITE))[0].result == ["a", "b"]


def test_an_agent_may_edit_while_the_one_that_asked_for_it_waits(theatre):
    class Asks(Uses):
        async def obey(self, call, context):
            await context.decide(Use("Edit", "Edit(x)", WRITE, {}))
            if call.prompt == "parent":
                return (await context.spawn("child", Options())).value
            return "edited"

    assert play(theatre, ["parent"], Asks(WRITE))[0].result == ["edited"]


def test_who_edits_and_asks_for_an_editor_in_one_turn_edits_after_it(theatre):
    class Both(Uses):
        async def obey(self, call, context):
            if call.prompt == "child":
                await context.clock.sleep(1)
            else:
                await self.at_once(context)
            await context.decide(Use("Edit", f"Edit({call.prompt})", WRITE, {}))
            self.order.append(call.prompt)
            return call.prompt

        async def at_once(self, context):
            async with asyncio.TaskGroup() as group:
                group.create_task(context.spawn("child", Options()))
                group.create_task(self.edits(context))

        async def edits(self, context):
            await asyncio.sleep(0)
            await context.decide(Use("Edit", "Edit(same turn)", WRITE, {}))
            self.order.append("same turn")

    assert play(theatre, ["parent"], Both(WRITE))[1] == ["child", "same turn", "parent"]


def test_a_call_that_ends_while_it_waits_leaves_the_turn_to_the_next(theatre):
    class Short(Uses):
        async def obey(self, call, context):
            if call.prompt == "skipped":
                asyncio.get_running_loop().call_later(0.1, self.skip)
            return await super().obey(call, context)

    agent = Short(WRITE)

    def ready(run):
        def skip():
            flight = next(f for f in run.calls.in_flight if f.call.prompt == "skipped")
            run.calls.end([flight], EndState.SKIPPED, "by a person")

        agent.skip = skip

    backend = ScriptedBackend({"": agent}, has_workspace=True)
    outcome = theatre.play(
        "return await parallel([agent('a'), agent('skipped'), agent('b')])",
        backend,
        offers={"policies": [Lets()]},
        flags={"concurrency": 3},
        ready=ready,
    )

    assert outcome.result == ["a", None, "b"]
    assert agent.order == ["a begins", "a ends", "b begins", "b ends"]
