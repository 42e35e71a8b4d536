"""A call that waits for hours for something else: without a slot, and without growing older."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

BODY = "return await parallel([lambda n=n: agent(f'{n}', timeout=60) for n in range(3)])"


@dataclass
class Does:
    """An agent that does what a function does with its context."""

    work: object

    async def obey(self, call, context):
        return await self.work(call, context)


def test_others_have_its_slot_and_its_time_stands_still(theatre):
    told = []

    async def work(call, context):
        async def wait():
            told.append(f"{call.prompt} waits")
            await context.clock.sleep(9_999)
            return "hours"

        assert await context.park(wait) == "hours"
        told.append(f"{call.prompt} is back")
        return call.prompt

    outcome = theatre.play(BODY, {"": Does(work)}, flags={"concurrency": 1})
    assert outcome.result == ["0", "1", "2"]
    assert told[:3] == ["0 waits", "1 waits", "2 waits"]
    assert outcome.census == {"ok": 3}


def test_what_its_wait_raises_is_raised(theatre):
    async def work(_call, context):
        async def wait():
            raise ValueError("none")

        with pytest.raises(ValueError, match="none"):
            await context.park(wait)
        return "x"

    outcome = theatre.play(BODY, {"": Does(work)}, flags={"concurrency": 1})
    assert outcome.result == ["x"] * 3
