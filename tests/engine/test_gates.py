"""The prefix gate: one sibling writes the prefix, the others wait until its reply begins."""

from __future__ import annotations

import asyncio

import pytest

from hocket.engine.gates import Gates
from hocket.testing import JumpingClock, run

CLOCK = JumpingClock()


@pytest.mark.parametrize(("first_byte_s", "others_s"), [(0.0, 0.0), (1.0, 1.0), (6.0, 5.0)])
def test_a26_the_others_start_with_its_first_byte_or_after_five_seconds(first_byte_s, others_s):
    gates, began = Gates(CLOCK), []

    async def one():
        writes = await gates.enter("p")
        began.append(CLOCK.monotonic())
        await CLOCK.sleep(first_byte_s)
        gates.opened("p")
        if writes:
            gates.left("p")

    async def main():
        async with asyncio.TaskGroup() as group:
            for _ in range(6):
                group.create_task(one())

    run(main())
    assert began == pytest.approx([0.0] + [others_s] * 5)


def test_a26_after_a_failure_one_takes_over():
    gates = Gates(CLOCK)
    began = []

    async def one(fails):
        writes = await gates.enter("p")
        began.append(CLOCK.monotonic())
        await CLOCK.sleep(1.0)
        if not fails:
            gates.opened("p")
        if writes:
            gates.left("p")

    async def main():
        async with asyncio.TaskGroup() as group:
            for number in range(6):
                group.create_task(one(number < 2))

    run(main())
    assert began == pytest.approx([0, 1, 2, 3, 3, 3])


def test_a26_a_prefix_that_was_long_unused_is_armed_again():
    gates, told = Gates(CLOCK), []

    async def main():
        for pause_s in (0.0, 269.0, 269.0, 271.0):
            await CLOCK.sleep(pause_s)
            told.append(await gates.enter("p"))
            gates.opened("p")
            gates.left("p")

    run(main())
    assert told == [True, False, False, True]


def test_the_wait_is_five_seconds_in_all_however_often_one_fails():
    gates, began = Gates(CLOCK), []

    async def main():
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(one())

    async def one():
        writes = await gates.enter("p")
        began.append(CLOCK.monotonic())
        await CLOCK.sleep(4.0)
        if writes:
            gates.left("p")

    run(main())
    assert began == pytest.approx([0, 4, 5, 5])


def test_another_prefix_is_another_gate_and_none_is_no_gate():
    gates = Gates(CLOCK)

    async def main():
        assert await gates.enter("p")
        assert await gates.enter("q")
        assert not await gates.enter("")
        assert not await gates.enter("")
        return CLOCK.monotonic()

    assert run(main()) == 0.0


def test_what_nobody_waits_for_may_be_told_all_the_same():
    gates = Gates(CLOCK)

    async def main():
        gates.opened("never entered")
        gates.left("never entered")
        writes = await gates.enter("p")
        gates.opened("p")
        gates.left("p")
        gates.left("p")
        return writes, await gates.enter("p"), await gates.enter("never entered")

    assert run(main()) == (True, False, True)
