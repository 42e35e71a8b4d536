"""A call's time limit counts only while the call itself is at work."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hocket.engine.activity import Activity
from hocket.engine.ledger import Ledger
from hocket.engine.seat import Seat
from hocket.engine.slots import Slots
from hocket.testing import JumpingClock, run

CLOCK = JumpingClock()
NOWHERE = Seat(Slots(Ledger(cap=1, total=1, tokens=None, micros=None)))
"""A seat that nobody leaves."""


def clocked(limit_s, work, *, noted=None):
    """Do the work under a limit; gives the seconds it took, and whether the limit ended it."""
    activity = Activity(limit_s, NOWHERE, lambda *, parked: noted.append(parked), print)

    async def main():
        try:
            async with activity.limited():
                await work(activity)
        except TimeoutError:
            return CLOCK.monotonic(), True
        return CLOCK.monotonic(), False

    return run(main())


async def at_work(activity, *steps):
    """Work so many seconds; a negative number is a pause."""
    for seconds in steps:
        if seconds >= 0:
            await CLOCK.sleep(seconds)
        else:
            with activity.paused():
                await CLOCK.sleep(-seconds)


@pytest.mark.parametrize(
    ("steps", "took", "ended"),
    [
        ((9.0,), 9.0, False),
        ((11.0,), 10.0, True),
        ((4.0, -1000.0, 5.0), 1009.0, False),
        ((4.0, -1000.0, 7.0), 1010.0, True),
        ((4.0, -3.0, 4.0, -3.0, 4.0), 16.0, True),
    ],
)
def test_pauses_do_not_count(steps, took, ended):
    assert clocked(10.0, lambda activity: at_work(activity, *steps)) == (took, ended)


@given(st.lists(st.floats(-50, 50).filter(lambda s: abs(s) > 0.01), max_size=8))
def test_the_limit_falls_on_the_sum_of_what_was_worked(steps):
    worked = sum(s for s in steps if s > 0)
    assume(abs(worked - 60.0) > 0.001)

    took, ended = clocked(60.0, lambda activity: at_work(activity, *steps))

    assert ended is (worked > 60.0)
    if not ended:
        assert took == pytest.approx(sum(map(abs, steps)))


def test_pauses_that_overlap_end_with_the_last():
    async def work(activity):
        async with asyncio.TaskGroup() as group:
            group.create_task(at_work(activity, -10.0))
            group.create_task(at_work(activity, 0.0, -30.0))
        await CLOCK.sleep(9.0)

    assert clocked(10.0, work) == (39.0, False)


def test_the_remaining_time_goes_on_where_it_stood():
    async def work(activity):
        await at_work(activity, 6.0, -5.0)
        async with asyncio.TaskGroup() as group:
            group.create_task(at_work(activity, -20.0))
            group.create_task(at_work(activity, -40.0))
        await CLOCK.sleep(5.0)

    assert clocked(10.0, work) == (6.0 + 5.0 + 40.0 + 4.0, True)


def test_a_pause_outside_of_the_limit_changes_nothing():
    activity = Activity(10.0, NOWHERE, lambda *, parked: None, print)

    async def main():
        with activity.paused():
            await CLOCK.sleep(100.0)
        async with activity.limited():
            await CLOCK.sleep(9.0)
            pause = activity.paused()
            pause.__enter__()
        pause.__exit__(None, None, None)
        return CLOCK.monotonic()

    assert run(main()) == 109.0


def test_a_pause_that_begins_after_the_limit_fell_does_not_hide_it():
    async def work(activity):
        try:
            await CLOCK.sleep(20.0)
        finally:
            with activity.paused():
                pass

    assert clocked(10.0, work) == (10.0, True)


def test_parking_is_noted_and_taken_back_also_when_it_is_cancelled():
    noted = []

    async def work(activity):
        with activity.parked():
            assert noted == [True]
        with activity.parked():
            await CLOCK.sleep(20.0)

    assert clocked(10.0, work, noted=noted) == (10.0, True)
    assert noted == [True, False, True, False]


def test_a_long_wait_is_told_with_its_end():
    told = []

    Activity(10.0, NOWHERE, lambda *, parked: None, told.append).waits(900.0)

    assert told == ["parked: the provider asks to wait, goes on in 900 s"]
