"""The machine's own clock, the one place where it is read."""

from __future__ import annotations

import asyncio

from hocket.engine.clock import MachineClock

A_LONG_TIME_AGO_MS = 1_600_000_000_000


def test_it_goes_on_and_never_back():
    clock = MachineClock()
    times = [clock.monotonic() for _ in range(100)]

    assert times == sorted(times)


def test_the_wall_is_in_whole_milliseconds():
    wall = MachineClock().wall_ms()

    assert isinstance(wall, int)
    assert wall > A_LONG_TIME_AGO_MS


def test_who_sleeps_lets_others_work_and_wakes_later():
    clock, told = MachineClock(), []

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper())
            group.create_task(worker())

    async def sleeper():
        began = clock.monotonic()
        await clock.sleep(0.001)
        told.append(clock.monotonic() > began)

    async def worker():
        told.append("worker")

    asyncio.run(main())
    assert told == ["worker", True]
