"""What a call is doing: its time counts and it holds a slot only while it is at work itself."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from hocket.engine.seat import Seat


class Park(Protocol):
    """Notes that a call waits for the breaker, or no longer does."""

    def __call__(self, *, parked: bool) -> None:
        """Note it."""
        ...


class Activity:
    """The deadline and the seat of one call; its time stands still while it waits."""

    def __init__(self, limit_s: float, seat: Seat, park: Park, tell: Callable[[str], None]) -> None:
        self._left_s = limit_s
        self._seat = seat
        self._timeout: asyncio.Timeout | None = None
        self._pauses = 0
        self._park = park
        self._tell = tell

    @contextmanager
    def parked(self) -> Generator[None]:
        """Wait for a closed breaker: only a person or a reset time ends that."""
        self._park(parked=True)
        try:
            yield
        finally:
            self._park(parked=False)

    @asynccontextmanager
    async def away(self) -> AsyncGenerator[None]:
        """Wait for something else: the time stands still, and others have the slot meanwhile."""
        with self.paused():
            async with self._seat.away():
                yield

    def waits(self, seconds: float) -> None:
        """Tell a person that the call gave its slot back, and when it goes on."""
        self._tell(f"parked: the provider asks to wait, goes on in {seconds:,.0f} s")

    @asynccontextmanager
    async def limited(self) -> AsyncGenerator[None]:
        """Raise TimeoutError once the call has been at work for so long."""
        async with asyncio.timeout(self._left_s) as deadline:
            self._timeout = deadline
            try:
                yield
            finally:
                self._timeout = None

    @contextmanager
    def paused(self) -> Generator[None]:
        """Stop the clock of the call; pauses may overlap."""
        self._pauses += 1
        if self._pauses == 1:
            self._stop()
        try:
            yield
        finally:
            self._pauses -= 1
            if self._pauses == 0:
                self._go_on()

    def _stop(self) -> None:
        timeout = self._running()
        if timeout is not None and (when := timeout.when()) is not None:
            self._left_s = when - asyncio.get_running_loop().time()
            timeout.reschedule(None)

    def _go_on(self) -> None:
        timeout = self._running()
        if timeout is not None:
            timeout.reschedule(asyncio.get_running_loop().time() + self._left_s)

    def _running(self) -> asyncio.Timeout | None:
        """Give the limit as long as it can be moved: once it fell, it stays."""
        timeout = self._timeout
        return None if timeout is None or timeout.expired() else timeout
