"""Agents of agents: on the run's caps and budget, at most five levels deep."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from hocket.api.calls import Options, Outcome
from hocket.testing import After, Hang, ScriptedBackend


@dataclass
class Spawns:
    """An agent that starts others one after another, and tells their states and values."""

    prompts: tuple[str, ...]
    takes_s: float = 0.0

    async def obey(self, _call, context):
        told = []
        for prompt in self.prompts:
            outcome = await context.spawn(prompt, Options(), label=f"for {prompt}")
            assert isinstance(outcome, Outcome)
            told.append([outcome.state.value, outcome.value])
            await context.clock.sleep(self.takes_s)
        return {"told": told}


def test_an_agent_gets_what_its_agents_came_to(theatre):
    answers = {"parent": Spawns(("one", "two")), "one": "x", "two": After(5, "y")}
    schema = "schema={'type': 'object'}"

    outcome = theatre.play(f"return await agent('parent', {schema})", answers)

    assert outcome.result == {"told": [["ok", "x"], ["ok", "y"]]}
    assert outcome.census == {"ok": 3}


def test_with_one_slot_for_all_a_parent_waits_without_one(theatre):
    backend = ScriptedBackend({"parent": Spawns(("one", "two")), "": After(5, "x")})

    outcome = theatre.play("await agent('parent')", backend, flags={"concurrency": 1})

    assert outcome.census == {"ok": 3}
    assert outcome.report["elapsed_s"] == 10.0


def test_the_time_of_a_parent_stands_still_while_its_agents_work(theatre):
    answers = {"parent": Spawns(("one",), takes_s=4.0), "one": After(600, "x")}

    kept = theatre.play("return (await attempt('parent', timeout=5))['state']", answers)
    late = theatre.play("return (await attempt('parent', timeout=3))['state']", answers)

    assert (kept.result, late.result) == ("ok", "timeout")


@pytest.mark.parametrize(("deep", "state"), [(5, "ok"), (6, "over_cap")])
def test_five_levels_are_the_most(theatre, deep, state):
    answers = {f"level {n}": Spawns((f"level {n + 1}",)) for n in range(deep)}
    answers[f"level {deep}"] = "x"
    found = []

    class Last:
        async def obey(self, _call, context):
            found.append(await context.spawn(f"level {deep}", Options()))
            return "x"

    answers[f"level {deep - 1}"] = Last()
    theatre.play("return await agent('level 0')", answers)

    assert found[0].state == state
    assert (found[0].cause or "") == ("nesting: 5 levels are the most" if deep == 6 else "")


def test_they_count_in_the_total_of_the_run(theatre):
    answers = {"parent": Spawns(("one", "two", "three")), "": "x"}

    outcome = theatre.play("return await agent('parent')", answers, flags={"max_agents": 3})

    assert outcome.census == {"ok": 3, "over_cap": 1}


def test_what_an_agents_agent_came_to_is_not_bought_twice(theatre):
    runs = []

    class Interrupted:
        async def obey(self, call, context):
            found = await context.spawn("child", Options())
            runs[0].leave("suspended", "told to")
            return await Hang().obey(call, context) if len(runs) == 1 else found.value

    before = theatre.play(
        "return await agent('parent')",
        {"parent": Interrupted(), "child": "x"},
        ready=runs.append,
    )
    after = theatre.again(before, {"parent": Spawns(("child",))})

    assert before.census == {"ok": 1, "cancelled": 1}
    assert (after.prompts, after.census) == (["parent"], {"ok": 1, "cached": 1})


def test_when_the_parent_ends_its_agent_is_not_left_behind(theatre):
    backend = ScriptedBackend({"parent": Spawns(("child",)), "child": Hang()})

    def ready(run):
        asyncio.get_running_loop().call_later(30.0, run.leave, "stopped", "by a person")

    outcome = theatre.play("return await agent('parent')", backend, ready=ready)

    assert (outcome.status, backend.in_flight) == ("stopped", 0)
    assert outcome.census == {"cancelled": 2}
    assert outcome.report["elapsed_s"] == 40.0
