"""Slots in the order of asking; who waits for something else gives its slot back."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.engine.ledger import Ledger
from hocket.engine.seat import Seat
from hocket.engine.slots import Slots
from hocket.testing import run


def table(cap):
    ledger = Ledger(cap=cap, total=100, tokens=None, micros=None)
    slots = Slots(ledger)
    slots.go_on()
    return ledger, slots


def test_slots_go_in_the_order_of_asking_and_first_before_all():
    ledger, slots = table(2)
    begun = []
    for name in "abcd":
        slots.ask(lambda name=name: begun.append(name))
    slots.ask_first(lambda: begun.append("first"))
    for _ in range(3):
        slots.give()

    assert begun == ["a", "b", "first", "c", "d"]
    assert ledger.running == 2


def test_before_it_goes_on_and_while_it_is_halted_nobody_gets_one():
    ledger = Ledger(cap=2, total=9, tokens=None, micros=None)
    slots, begun = Slots(ledger), []
    slots.ask(lambda: begun.append("a"))
    assert begun == []
    slots.go_on()
    slots.halt()
    slots.ask(lambda: begun.append("b"))
    assert begun == ["a"]
    slots.go_on()

    assert begun == ["a", "b"]


def test_who_left_the_queue_is_passed_over():
    _, slots = table(1)
    begun = []
    leaving = lambda: begun.append("leaving")  # noqa: E731  (it has to be named twice)
    slots.ask(lambda: begun.append("a"))
    slots.ask(leaving)
    slots.ask(lambda: begun.append("b"))
    slots.forget(leaving)
    slots.give()

    assert begun == ["a", "b"]


def test_a_raised_cap_is_used_at_the_next_pump():
    ledger, slots = table(1)
    begun = []
    for name in "abc":
        slots.ask(lambda name=name: begun.append(name))
    ledger.cap = 2
    slots.pump()

    assert begun == ["a", "b"]


async def holding(slots):
    """Wait for a slot, as a call does."""
    got = asyncio.Event()
    slots.ask(got.set)
    await got.wait()


def test_a_slot_is_free_at_once_while_its_holder_is_away_and_it_comes_back_first():
    ledger, slots = table(1)
    told = []

    async def wanderer():
        await holding(slots)
        async with Seat(slots).away():
            told.append("away")
            await asyncio.sleep(60)
        told.append("back")
        slots.give()

    async def worker(name):
        await holding(slots)
        told.append(name)
        await asyncio.sleep(50)
        slots.give()

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(wanderer())
            for name in "abc":
                group.create_task(worker(name))

    run(main())
    assert told == ["away", "a", "b", "back", "c"]
    assert (ledger.running, ledger.most_running) == (0, 1)


def test_what_raises_while_it_is_away_still_holds_a_slot_to_give_back():
    ledger, slots = table(1)

    async def main():
        await holding(slots)
        with pytest.raises(KeyError):
            async with Seat(slots).away():
                raise KeyError
        assert ledger.running == 1
        slots.give()

    run(main())
    assert ledger.running == 0


def test_who_is_cancelled_while_it_waits_to_come_back_leaves_the_queue():
    ledger, slots = table(1)

    async def wanderer():
        await holding(slots)
        try:
            async with Seat(slots).away():
                await holding(slots)  # somebody else has the only slot from here on
        finally:
            slots.give()

    async def main():
        task = asyncio.get_running_loop().create_task(wanderer())
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait({task})
        assert ledger.running == 1
        slots.give()

    run(main())
    assert ledger.running == 0


def test_a_slot_that_comes_in_the_same_turn_of_the_loop_as_a_cancellation_is_not_lost():
    """The cancelled one still stands in the queue when somebody else gives a slot back."""
    ledger, slots = table(1)
    begun = []

    async def wanderer():
        await holding(slots)
        try:
            async with Seat(slots).away():
                await holding(slots)
        finally:
            slots.give()

    async def main():
        task = asyncio.get_running_loop().create_task(wanderer())
        await asyncio.sleep(1)
        slots.ask(lambda: begun.append("next"))
        task.cancel()
        slots.give()
        await asyncio.wait({task})
        assert task.cancelled()

    run(main())
    assert begun == ["next"]
    assert ledger.running == 1


def test_a_cancellation_after_the_slot_came_keeps_it_counted_once():
    ledger, slots = table(1)

    async def wanderer():
        await holding(slots)
        try:
            async with Seat(slots).away():
                await holding(slots)
        finally:
            slots.give()

    async def main():
        task = asyncio.get_running_loop().create_task(wanderer())
        await asyncio.sleep(1)
        slots.give()
        task.cancel()
        await asyncio.wait({task})

    run(main())
    assert ledger.running == 0


def test_a_call_with_several_uses_that_wait_gives_its_one_slot_once_and_takes_it_once():
    ledger, slots = table(2)
    told = []

    async def asks(seat, name, seconds):
        async with seat.away():
            await asyncio.sleep(seconds)
        told.append((name, ledger.running))

    async def caller():
        await holding(slots)
        seat = Seat(slots)
        async with asyncio.TaskGroup() as uses:
            uses.create_task(asks(seat, "first", 10))
            uses.create_task(asks(seat, "last", 20))
        told.append(("all", ledger.running))
        slots.give()

    async def other():
        await asyncio.sleep(1)
        await holding(slots)
        told.append(("other", ledger.running))
        await asyncio.sleep(4)
        slots.give()

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(caller())
            group.create_task(other())

    run(main())
    assert told == [("other", 1), ("first", 0), ("last", 1), ("all", 1)]
    assert ledger.running == 0


def test_who_leaves_again_while_another_use_comes_back_changes_nothing():
    ledger, slots = table(1)

    async def caller():
        await holding(slots)
        seat = Seat(slots)

        async def late():
            await asyncio.sleep(3)  # the first one waits for the slot by then
            async with seat.away():
                await asyncio.sleep(1)
            assert ledger.running == 1

        async with asyncio.TaskGroup() as uses:
            uses.create_task(late())
            async with seat.away():
                await asyncio.sleep(2)
        slots.give()

    async def other():
        await asyncio.sleep(1)
        await holding(slots)
        await asyncio.sleep(9)
        slots.give()

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(caller())
            group.create_task(other())

    run(main())
    assert (ledger.running, ledger.most_running) == (0, 1)


@pytest.mark.parametrize("after_s", [1, 11])
def test_uses_that_are_cut_off_together_leave_one_slot_to_give_back(after_s):
    """While both are away, and while one waits to come back."""
    ledger, slots = table(1)

    async def asks(seat, seconds):
        async with seat.away():
            await asyncio.sleep(seconds)

    async def caller():
        await holding(slots)
        seat = Seat(slots)
        try:
            async with asyncio.TaskGroup() as uses:
                uses.create_task(asks(seat, 5))
                uses.create_task(asks(seat, 10))
        finally:
            slots.give()

    async def main():
        task = asyncio.get_running_loop().create_task(caller())
        await asyncio.sleep(0)
        await asyncio.sleep(0.5)
        await holding(slots)
        await asyncio.sleep(after_s)
        task.cancel()
        await asyncio.wait({task})
        assert ledger.running == 1
        slots.give()

    run(main())
    assert ledger.running == 0


async def wander(slots, before_s, away_s):
    """Hold a slot, be away for a while, come back and give it up."""
    try:
        await asyncio.sleep(before_s)
        async with Seat(slots).away():
            await asyncio.sleep(away_s)
        await asyncio.sleep(before_s)
    finally:
        slots.give()


class Crowd:
    """Wanderers that begin when a slot comes, some of which are cancelled on their way."""

    def __init__(self, slots):
        self._slots, self.tasks, self._stepped = slots, [], set()

    def begin(self, walk):
        number = len(self.tasks)
        self.tasks.append(asyncio.get_running_loop().create_task(self._walk(number, walk)))

    def cancel(self, number):
        if number in self._stepped:  # else it never runs, and nobody gives its slot back
            self.tasks[number].cancel()

    async def _walk(self, number, walk):
        self._stepped.add(number)
        await wander(self._slots, *walk)

    async def gone(self, count):
        """Wait until so many came and went; gives what broke."""
        while len(self.tasks) < count or not all(task.done() for task in self.tasks):
            await asyncio.wait(self.tasks)
        return [task.exception() for task in self.tasks if not task.cancelled()]


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 20)), max_size=6),
)
def test_whatever_is_cancelled_when_no_slot_is_lost_or_made(cap, walks, cancels):
    ledger, slots = table(cap)
    crowd = Crowd(slots)

    async def main():
        for walk in walks:
            slots.ask(lambda walk=walk: crowd.begin(walk))
        for which, when in cancels:
            asyncio.get_running_loop().call_later(when, crowd.cancel, which)
        return await crowd.gone(len(walks))

    assert set(run(main())) <= {None}
    assert ledger.running == 0
    assert ledger.most_running <= cap + len(cancels)
