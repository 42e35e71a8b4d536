"""C60, C67: a script with everything in it, interrupted again and again at any point."""

from __future__ import annotations

import zlib

import pytest

from hocket.api.events import CallFinished
from hocket.testing import After, Fail, Stage

KID = """
    found = await agent(f"{args} in the kid")
    return [found, await agent(f"{args} again")]
    """
BODY = """
    seen = []

    async def note(text):
        seen.append(text)
        return len(seen)

    async def chain(name):
        for step in range(3):
            await agent(f"{name}{step} after {len(seen)}")
            await note(name)
            if step == 1:
                await workflow("kid", f"{name} after {len(seen)}")
                await ask(f"{name} after {len(seen)}?", default="yes")
                await note(await reveal(name))
        return name

    async def stage(name):
        record = await attempt(f"{name} staged after {len(seen)}")
        seen.append(name)
        return record["value"]

    both = await parallel([
        chain("a"),
        lambda: pipeline(["b", "c", "d"], stage, lambda text: agent(f"{text} after {len(seen)}")),
        chain("e"),
        lambda: agent("f", inputs=["missing"]),
    ])
    return [both, seen]
    """


class Agents:
    """Agents with latencies that look random, and a person who interrupts at a given call."""

    def __init__(self, seed, calls):
        self._seed, self._left = seed, calls
        self.prompts = []
        self.stage = Stage(flags={"concurrency": 3}, ready=self._ready)

    def _ready(self, run):
        self._run = run

    def rule(self, call):
        self.prompts.append(call.prompt)
        self._left -= 1
        if self._left == 0:
            self._run.leave("suspended", "told to")
            return Fail(cause="cut off")
        return After(zlib.crc32(f"{self._seed}{call.prompt}".encode()) % 23, call.prompt)


def kept(outcome):
    """Give the prompts that have a result now."""
    ends = [e for e in outcome.events if isinstance(e, CallFinished) and e.state == "ok"]
    return {e.label for e in ends}


@pytest.mark.parametrize("seed", range(6))
def test_c60_c67_nothing_that_has_a_result_is_asked_again(case, seed):
    case.save(".hocket/workflows/kid.py", KID)
    agents = Agents(seed, 1 + seed * 3)
    outcome = case.run(BODY, {"": agents.rule}, stage=agents.stage)
    done = kept(outcome)
    lives = 1

    while outcome.status != "completed":
        agents = Agents(seed + 100 * lives, 2 + lives)
        outcome = case.resume(outcome, {"": agents.rule}, stage=agents.stage)
        assert done.isdisjoint(agents.prompts)
        done |= kept(outcome)
        lives += 1
        assert lives < 30

    again = case.resume(outcome, {})
    assert (again.result, again.prompts) == (outcome.result, [])
