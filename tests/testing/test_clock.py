"""Time jumps: in the order of deadlines, and never while a thread works."""

from __future__ import annotations

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.testing import JumpingClock, JumpingLoop, run


def test_an_hour_passes_at_once_and_deadlines_keep_their_order():
    async def story() -> list[tuple[str, float]]:
        clock, seen = JumpingClock(), []

        async def sleeper(name: str, seconds: float) -> None:
            await clock.sleep(seconds)
            seen.append((name, clock.monotonic()))

        async with asyncio.TaskGroup() as group:
            for name, seconds in [("hour", 3600), ("second", 1), ("day", 86_400), ("minute", 60)]:
                group.create_task(sleeper(name, seconds))
        return seen

    assert run(story()) == [("second", 1), ("minute", 60), ("hour", 3600), ("day", 86_400)]


@given(st.lists(st.floats(0, 1e7), max_size=30))
def test_any_deadlines_fire_in_order_and_never_early(delays: list[float]):
    async def story() -> list[tuple[float, float]]:
        loop, seen = asyncio.get_running_loop(), []

        async def sleeper(delay: float) -> None:
            await asyncio.sleep(delay)
            seen.append((delay, loop.time()))

        async with asyncio.TaskGroup() as group:
            for delay in delays:
                group.create_task(sleeper(delay))
        return seen

    seen = run(story())
    assert sorted(delays) == [delay for delay, _ in seen]
    assert all(at >= delay - 1e-6 for delay, at in seen)


def test_a_timeout_ends_what_never_ends():
    async def story() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(7200):
                await asyncio.Event().wait()
        return JumpingClock().monotonic()

    assert run(story()) == 7200


def test_work_that_is_ready_goes_before_any_jump():
    async def story() -> float:
        loop = asyncio.get_running_loop()
        asyncio.get_running_loop().call_later(1, lambda: None)
        for _ in range(1000):
            await asyncio.sleep(0)
        return loop.time()

    assert run(story()) == 0


def test_the_clock_holds_while_a_thread_works():
    """The thread is let go from outside, after the loop had every chance to jump."""

    async def story() -> tuple[str, float]:
        loop, gate = asyncio.get_running_loop(), threading.Event()

        def file_read() -> str:
            assert gate.wait(10)
            return "read"

        threading.Timer(0.01, gate.set).start()
        async with asyncio.timeout(0.001):
            return await asyncio.to_thread(file_read), loop.time()

    assert run(story()) == ("read", 0)


def test_a_thread_nobody_waits_for_holds_nothing():
    async def story() -> float:
        gate, loop = threading.Event(), asyncio.get_running_loop()
        waiting = loop.run_in_executor(None, gate.wait)
        waiting.cancel()
        await asyncio.sleep(5)
        gate.set()
        return loop.time()

    assert run(story()) == 5


def test_bytes_that_wait_on_a_socket_go_before_a_jump():
    async def story() -> tuple[bytes, float]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readline())
            writer.close()
            await writer.wait_closed()

        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server, asyncio.timeout(1):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello\n")
            heard = await reader.readline()
            writer.close()
            await writer.wait_closed()
            return heard, loop.time()

    assert run(story()) == (b"hello\n", 0)


def test_shutting_down_waits_for_threads_without_a_deadline():
    """Python 3.12 would warn after a jump of 300 seconds; warnings are errors here."""
    ended = []

    async def story() -> None:
        gate = threading.Event()

        def work() -> None:
            gate.wait(10)
            ended.append("thread")

        asyncio.get_running_loop().run_in_executor(None, work).cancel()
        asyncio.get_running_loop().run_in_executor(None, work).cancel()
        threading.Timer(0.01, gate.set).start()

    run(story())
    assert set(ended) <= {"thread"}
    assert ended


def test_the_wall_clock_starts_on_a_fixed_day():
    async def story() -> list[int]:
        clock = JumpingClock()
        before = clock.wall_ms()
        await clock.sleep(1.5)
        return [before, clock.wall_ms()]

    first, second = run(story())
    assert (first, second) == (1_767_225_600_000, 1_767_225_601_500)


def test_outside_of_a_loop_time_stands_still():
    clock = JumpingClock()
    assert clock.monotonic() == 0

    async def story() -> None:
        await clock.sleep(60)
        clock.monotonic()

    run(story())
    assert (clock.monotonic(), clock.wall_ms()) == (60, 1_767_225_660_000)


def test_an_exception_comes_through_and_the_loop_is_closed():
    loops = []

    async def story() -> None:
        loops.append(asyncio.get_running_loop())
        raise KeyError("mine")

    with pytest.raises(KeyError):
        run(story())
    assert isinstance(loops[0], JumpingLoop)
    assert loops[0].is_closed()
