"""A lane slows down when its provider is overrun, and comes back one by one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.engine.breaker import Breaker
from hocket.engine.lanes import Tries
from hocket.testing.clock import JumpingClock, run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hocket.engine.lanes import Lane


def breaker(cap: int = 4) -> Breaker:
    return Breaker(cap=cap, clock=JumpingClock(), chance=lambda: 1.0)


class Sends:
    """Turns that take a second each, and when each was sent."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.clock = JumpingClock()
        self.sent: list[tuple[str, float]] = []
        self.most = 0

    async def turn(self, name: str, takes_s: float = 1.0) -> None:
        async with self.lane.permit():
            self.sent.append((name, self.clock.monotonic()))
            self.most = max(self.most, self.lane.in_use)
            await self.clock.sleep(takes_s)


def story(told: Callable[[Lane, Sends], Awaitable[None]], cap: int = 4) -> Sends:
    sends = Sends(breaker(cap).lane("anthropic"))
    run(_tell(told, sends))
    return sends


async def _tell(told: Callable[[Lane, Sends], Awaitable[None]], sends: Sends) -> None:
    await told(sends.lane, sends)


async def fan(sends: Sends, count: int) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(sends.turn(str(number)))


def test_permits_are_given_in_the_order_of_asking():
    async def told(lane: Lane, sends: Sends) -> None:
        await fan(sends, 10)

    sends = story(told, cap=2)
    assert [name for name, _ in sends.sent] == [str(number) for number in range(10)]
    assert [at for _, at in sends.sent] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert sends.most == 2


def test_a_pause_halves_the_permits_and_lets_one_probe_go_first():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.congest(30.0, 1.0, late=False)
        assert (lane.permits, lane.paused_s) == (2, 30.0)
        await fan(sends, 6)

    # One probe at 30 s; its success lets two go, and after as many successes as permits a third.
    assert [at for _, at in story(told).sent] == [30, 31, 31, 32, 32, 32]


def test_without_a_time_told_the_back_off_counts():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.congest(None, 8.0, late=False)
        await sends.turn("probe")

    assert story(told).sent == [("probe", 8.0)]


def test_a_late_refusal_prolongs_the_pause_but_halves_nothing():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.congest(10.0, 1.0, late=False)
        lane.congest(None, 99.0, late=True)
        assert (lane.permits, lane.paused_s, lane.pauses) == (2, 10.0, 1)
        lane.congest(25.0, 99.0, late=True)
        assert (lane.permits, lane.paused_s, lane.pauses) == (2, 25.0, 1)
        await sends.turn("probe")

    assert story(told).sent == [("probe", 25.0)]


def test_permits_never_fall_below_one():
    async def told(lane: Lane, sends: Sends) -> None:
        for _ in range(5):
            lane.congest(1.0, 1.0, late=False)
        assert (lane.permits, lane.backoffs) == (1, 5)
        await fan(sends, 3)

    sends = story(told)
    assert sends.most == 2
    assert sends.lane.backoffs == 0


def test_permits_grow_by_one_after_as_many_successes_and_not_above_the_cap():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.congest(1.0, 1.0, late=False)
        lane.congest(1.0, 1.0, late=False)
        grown: list[int] = []
        for number in range(12):
            await sends.turn(str(number))
            grown.append(lane.permits)
        assert grown == [2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4]

    story(told)


def test_success_of_a_turn_sent_before_the_pause_opens_nothing_early():
    async def told(lane: Lane, sends: Sends) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(sends.turn("old", takes_s=5.0))
            await asyncio.sleep(0)
            lane.congest(2.0, 1.0, late=False)
            for number in range(3):
                group.create_task(sends.turn(f"new {number}", takes_s=10.0))

    assert story(told).sent == [("old", 0), ("new 0", 2), ("new 1", 12), ("new 2", 12)]


def test_a_failed_or_cancelled_turn_gives_its_permit_back_and_is_no_success():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.congest(1.0, 1.0, late=False)
        with pytest.raises(OSError, match="cut"):
            async with lane.permit():
                raise OSError("cut")
        assert (lane.in_use, lane.succeeded_at, lane.backoffs) == (0, None, 1)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(sends.turn("cancelled", takes_s=99.0))
            await sends.clock.sleep(1.0)
            waiting = group.create_task(sends.turn("never sent"))
            await asyncio.sleep(0)
            waiting.cancel()
            running.cancel()
        assert lane.in_use == 0
        await sends.turn("next")

    assert [name for name, _ in story(told).sent] == ["cancelled", "next"]


def test_a_new_cap_moves_a_lane_that_was_at_its_cap():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.resize(6)
        assert lane.permits == 6
        lane.congest(1.0, 1.0, late=False)
        lane.resize(8)
        assert lane.permits == 3
        lane.resize(2)
        assert lane.permits == 2
        await fan(sends, 9)
        assert lane.permits == 2

    assert story(told).most == 2


def test_a_cap_raised_while_calls_wait_lets_them_go():
    async def told(lane: Lane, sends: Sends) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fan(sends, 3))
            await asyncio.sleep(0.5)
            lane.resize(3)

    assert story(told, cap=1).sent == [("0", 0), ("1", 0.5), ("2", 0.5)]


def test_a_turn_knows_whether_it_was_sent_before_the_last_pause():
    async def told(lane: Lane, sends: Sends) -> None:
        tries, unknown = Tries(), Tries()
        async with lane.permit(tries):
            assert not lane.is_late(tries)
            lane.congest(5.0, 1.0, late=False)
            assert lane.is_late(tries)
            assert lane.is_late(unknown)
        await sends.clock.sleep(5.0)
        assert lane.is_late(tries)
        assert not lane.is_late(unknown)
        async with lane.permit(tries):
            assert not lane.is_late(tries)

    story(told)


def test_a_success_forgets_the_refusals_of_its_own_prefix():
    async def told(lane: Lane, sends: Sends) -> None:
        lane.refusals = {"a": 2, "b": 1}
        async with lane.permit(Tries(prefix="a")):
            pass
        assert lane.refusals == {"b": 1}

    story(told)


@given(
    cap=st.integers(1, 8),
    turns=st.lists(
        st.tuples(st.floats(0, 5), st.none() | st.floats(0.1, 90)), min_size=1, max_size=30
    ),
)
def test_every_turn_is_sent_once_and_never_in_a_pause_or_above_the_permits(
    cap: int, turns: list[tuple[float, float | None]]
):
    sent: list[int] = []

    async def turn(lane: Lane, clock: JumpingClock, number: int) -> None:
        takes_s, told_s = turns[number]
        tries = Tries()
        async with lane.permit(tries):
            assert lane.paused_s == 0.0
            assert lane.in_use <= lane.permits
            sent.append(number)
            await clock.sleep(takes_s)
            if told_s is not None:
                lane.congest(told_s, 1.0, late=lane.is_late(tries))

    async def main() -> None:
        lane = breaker(cap).lane("anthropic")
        async with asyncio.TaskGroup() as group:
            for number in range(len(turns)):
                group.create_task(turn(lane, JumpingClock(), number))
        assert lane.in_use == 0

    run(main())
    assert sent == list(range(len(turns)))
