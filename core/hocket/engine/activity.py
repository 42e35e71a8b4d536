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
        timeout = self._timeout
        when = timeout.when() if timeout is not None else None
        loop = asyncio.get_running_loop()
        if timeout is not None and when is not None and self._pauses == 0:
            self._left_s = when - loop.time()
            timeout.reschedule(None)
        self._pauses += 1
        try:
            yield
        finally:
            self._pauses -= 1
            if timeout is not None and self._timeout is timeout and self._pauses == 0:
                timeout.reschedule(loop.time() + self._left_s)
