"""One at a time, in the order of asking; a process that dies lets the next one in."""

from __future__ import annotations

import asyncio
import os

import pytest

from hocket.workspaces.endings import to_the_end
from hocket.workspaces.turns import Turns


def test_turns_are_taken_in_the_order_of_asking(tmp_path):
    order = []

    async def one(turns, number):
        async with turns.turn():
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    async def story():
        turns = Turns(tmp_path / "deep" / "lock")
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(one(turns, number))

    asyncio.run(story())
    assert order == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_turn_ends_with_its_process(tmp_path):
    """The child holds the turn until it dies; only then does the parent get it."""
    reading, writing = os.pipe()

    async def hold():
        async with Turns(tmp_path / "lock").turn():
            os.write(writing, b"held")
            await asyncio.sleep(0.1)
            (tmp_path / "held to the end").touch()
            os._exit(0)

    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(hold())
        finally:
            os._exit(1)
    os.read(reading, 4)

    async def wait():
        async with Turns(tmp_path / "lock").turn():
            return (tmp_path / "held to the end").exists()

    assert asyncio.run(wait())
    assert os.waitpid(pid, 0)[1] == 0
    os.close(reading)
    os.close(writing)


def test_who_is_cancelled_while_waiting_leaves_the_turn_to_the_next(tmp_path):
    async def wait(turns):
        async with turns.turn():
            return "mine"

    async def story():
        mine, other = Turns(tmp_path / "lock"), Turns(tmp_path / "lock")
        async with asyncio.TaskGroup() as group, other.turn():
            first = group.create_task(wait(mine))
            second = group.create_task(wait(mine))
            for _ in range(5):
                await asyncio.sleep(0)
            first.cancel()
        return first.cancelled(), second.result()

    assert asyncio.run(story()) == (True, "mine")


@pytest.mark.parametrize("fails", [False, True])
def test_work_that_must_be_done_is_done_before_a_cancellation(fails):
    done = []

    async def work():
        for _ in range(5):
            await asyncio.sleep(0)
        done.append("work")
        if fails:
            raise ZeroDivisionError

    async def story():
        async with asyncio.TaskGroup() as group:
            told = lambda: done.append("told")  # noqa: E731
            task = group.create_task(to_the_end(work(), cancelled=told))
            for _ in range(3):
                await asyncio.sleep(0)
                task.cancel()
        return task.cancelled()

    assert asyncio.run(story())
    assert done[-1] == "work"
    assert "told" in done


def test_work_gives_its_result_and_its_error():
    async def work(value):
        return 1 / value

    assert asyncio.run(to_the_end(work(2))) == 0.5
    with pytest.raises(ZeroDivisionError):
        asyncio.run(to_the_end(work(0)))
