"""Time that jumps: when nothing is ready, the next timer is; an hour passes at once.

The clock holds while a thread works for the loop, since a file read would else lose against
every timeout. What waits for child processes or other machines needs real time.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor

EPOCH_MS = 1_767_225_600_000
"""The wall clock at the start of every jumping loop: 2026-01-01 00:00 UTC."""

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Jumps(selectors.DefaultSelector):
    """Turns waiting for a timer into moving the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.working = 0

    def select(  # type: ignore[explicit-any]  # SelectorKey carries its data as Any
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Give what is ready; else jump to the timer, or wait while a thread works."""
        if timeout is None or (timeout > 0 and self.working):
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout > 0:
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on which nobody waits for a timer."""

    def __init__(self) -> None:
        self._jumps = _Jumps()
        super().__init__(self._jumps)

    def time(self) -> float:
        """Give the seconds that were jumped so far."""
        return self._jumps.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Hold the clock until the thread is done, or nobody waits for it any more."""
        future = super().run_in_executor(executor, func, *args)
        self._jumps.working += 1
        future.add_done_callback(self._worked)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109, ARG002
        """Wait for threads without a deadline: a jump to it would warn about nothing."""
        self._jumps.working += 1
        await super().shutdown_default_executor()

    def _worked(self, _future: asyncio.Future[T]) -> None:
        self._jumps.working -= 1


class JumpingClock:
    """The run's clock on a jumping loop; outside of any loop its time stands still."""

    def __init__(self) -> None:
        self._seen = 0.0

    def monotonic(self) -> float:
        """Give the loop's seconds."""
        with contextlib.suppress(RuntimeError):
            self._seen = asyncio.get_running_loop().time()
        return self._seen

    def wall_ms(self) -> int:
        """Give milliseconds from a fixed day on, so that whole records can be compared."""
        return EPOCH_MS + round(self.monotonic() * 1000)

    async def sleep(self, seconds: float) -> None:
        """Wait on the loop: at once, in the order of deadlines."""
        await asyncio.sleep(seconds)


def run(main: Coroutine[object, object, T]) -> T:
    """Run a coroutine on a jumping loop of its own, as `asyncio.run` would."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)
