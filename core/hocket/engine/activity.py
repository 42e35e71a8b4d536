"""A call's time limit, which counts only while the call itself is at work."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator


class Park(Protocol):
    """Notes that a call waits for the breaker, or no longer does."""

    def __call__(self, *, parked: bool) -> None:
        """Note it."""
        ...


class Activity:
    """The deadline of one call; it stands still while the call waits for something else."""

    def __init__(self, limit_s: float, park: Park) -> None:
        self._left_s = limit_s
        self._timeout: asyncio.Timeout | None = None
        self._pauses = 0
        self._park = park

    @contextmanager
    def parked(self) -> Generator[None]:
        """Wait for a closed breaker: only a person or a reset time ends that."""
        self._park(parked=True)
        try:
            yield
        finally:
            self._park(parked=False)

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
