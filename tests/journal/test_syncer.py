"""When bytes become durable: in groups, one sync at a time, and never again after a failure."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from threading import Event
from typing import TYPE_CHECKING

import pytest

from hocket.errors import StorageFull, StorageLost
from hocket.journal.syncer import GROUP_S, STUCK_S, Syncer
from hocket.testing.clock import JumpingClock, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


class Bytes:
    """A held run as far as syncing goes: counts its syncs, which may fail or hang."""

    def __init__(self, does: Callable[[], None] = lambda: None) -> None:
        self.syncs = 0
        self.does = does

    def sync(self) -> None:
        self.syncs += 1
        self.does()


def broken() -> None:
    raise StorageFull("run r", found="cannot be written (Input/output error)")


@asynccontextmanager
async def looping(syncer: Syncer) -> AsyncIterator[asyncio.Task[None]]:
    async with asyncio.TaskGroup() as group:
        loop = group.create_task(syncer.loop())
        await asyncio.sleep(0)
        yield loop
        loop.cancel()


def test_a_tick_in_which_something_was_written_is_one_sync_and_no_other_is() -> None:
    async def story() -> tuple[list[int], int]:
        clock = JumpingClock()
        held = Bytes()
        syncer = Syncer(held, clock, durable=0, group_s=GROUP_S)
        counts: list[int] = []
        async with looping(syncer):
            for tick in range(10):
                for size in range(100):
                    syncer.wrote(1 + 100 * tick + size)
                await clock.sleep(GROUP_S * 2)
                counts.append(held.syncs)
            await clock.sleep(3600)
            counts.append(held.syncs)
        return counts, syncer.durable

    counts, durable = run(story())

    assert counts == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert durable == 1000


def test_a_wait_until_durable_ends_with_the_sync_that_covers_it() -> None:
    async def story() -> tuple[int, list[int]]:
        clock = JumpingClock()
        held = Bytes()
        syncer = Syncer(held, clock, durable=0, group_s=0.0)
        seen: list[int] = []

        async def commit(size: int) -> None:
            syncer.wrote(size)
            await syncer.reach(size)
            seen.append(syncer.durable)

        async with looping(syncer), asyncio.TaskGroup() as group:
            for size in range(10, 170, 10):
                group.create_task(commit(size))
        return held.syncs, seen

    syncs, seen = run(story())

    assert seen == [160] * 16
    assert syncs == 1


def test_without_its_loop_a_wait_syncs_by_itself() -> None:
    async def story() -> tuple[int, int]:
        clock = JumpingClock()
        held = Bytes()
        syncer = Syncer(held, clock, durable=5, group_s=GROUP_S)
        await syncer.reach(5)
        syncer.wrote(9)
        await syncer.reach(9)
        await syncer.sync()
        return held.syncs, syncer.durable

    assert run(story()) == (1, 9)


def test_a_failed_sync_is_the_last_one_and_everybody_hears_of_it() -> None:
    async def story() -> tuple[list[str], int, int]:
        clock = JumpingClock()
        held = Bytes(broken)
        syncer = Syncer(held, clock, durable=0, group_s=GROUP_S)
        told: list[str] = []

        async def waiter() -> None:
            try:
                await syncer.reach(1)
            except StorageFull as failure:
                told.append(failure.found)

        async def owner() -> None:
            try:
                await syncer.loop()
            except StorageFull as failure:
                told.append(failure.found)

        async with asyncio.TaskGroup() as group:
            group.create_task(owner())
            syncer.wrote(1)
            group.create_task(waiter())
            group.create_task(waiter())
        await waiter()
        syncer.wrote(2)
        await syncer.sync()
        return told, held.syncs, syncer.durable

    told, syncs, durable = run(story())

    assert told == ["cannot be written (Input/output error)"] * 4
    assert (syncs, durable) == (1, 0)


def test_a_sync_that_does_not_return_counts_as_failed_and_nobody_waits_for_it() -> None:
    """Case 11: the disk hangs; the loop goes on, and so does the end of the process."""
    stuck = Event()

    class ByHand:
        """A clock that is moved by the test: a jumping one holds while a thread works."""

        def __init__(self) -> None:
            self.asked, self.over = asyncio.Event(), asyncio.Event()
            self.seconds = 0.0

        def monotonic(self) -> float:
            return 0.0

        def wall_ms(self) -> int:
            return 0

        async def sleep(self, seconds: float) -> None:
            self.seconds = seconds
            self.asked.set()
            await self.over.wait()

    async def story() -> str:
        clock = ByHand()
        held = Bytes(lambda: stuck.wait() and None)
        syncer = Syncer(held, clock, durable=0, group_s=0.0)
        syncer.wrote(1)
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(syncer.sync())
            await clock.asked.wait()
            assert clock.seconds == STUCK_S
            clock.over.set()
            await waiting
        assert syncer.failure is not None
        return syncer.failure.found

    try:
        assert asyncio.run(story()) == "a sync has not returned for 30 s"
    finally:
        stuck.set()


def test_a_slow_sync_holds_up_nobody_who_does_not_wait_for_it() -> None:
    """Case 21: the loop turns, the journal grows, and the next group has it all."""
    going, may_end = Event(), Event()

    def slow() -> None:
        going.set()
        may_end.wait()

    async def story() -> tuple[int, int]:
        held = Bytes(slow)
        syncer = Syncer(held, JumpingClock(), durable=0, group_s=0.0)
        async with looping(syncer):
            syncer.wrote(1)
            await asyncio.to_thread(going.wait)
            for size in range(2, 1000):
                syncer.wrote(size)
                await asyncio.sleep(0)
            assert (held.syncs, syncer.durable) == (1, 0)
            may_end.set()
            await syncer.reach(999)
        return held.syncs, syncer.durable

    assert asyncio.run(story()) == (2, 999)


def test_a_cancelled_wait_leaves_its_sync_to_the_next_one() -> None:
    going, may_end = Event(), Event()

    def slow() -> None:
        going.set()
        may_end.wait()

    async def story() -> tuple[int, int]:
        clock = JumpingClock()
        held = Bytes(slow)
        syncer = Syncer(held, clock, durable=0, group_s=0.0)
        async with looping(syncer) as loop:
            syncer.wrote(1)
            await asyncio.to_thread(going.wait)
            loop.cancel()
        syncer.wrote(2)
        async with asyncio.TaskGroup() as group:
            group.create_task(syncer.sync())
            await asyncio.sleep(0)
            may_end.set()
        return held.syncs, syncer.durable

    assert asyncio.run(story()) == (2, 2)


def test_a_failure_that_the_writer_saw_ends_the_loop_at_once() -> None:
    async def story() -> int:
        clock = JumpingClock()
        held = Bytes()
        syncer = Syncer(held, clock, durable=0, group_s=GROUP_S)
        lost = StorageLost("run r", found="gone")
        syncer.fail(lost)
        syncer.fail(StorageLost("run r", found="later"))
        with pytest.raises(StorageLost) as caught:
            await syncer.loop()
        assert caught.value is lost
        return held.syncs

    assert run(story()) == 0
