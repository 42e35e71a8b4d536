"""The run's clock: the only place that reads the time of the machine."""

from __future__ import annotations

import asyncio
import time


class MachineClock:
    """Real time; tests pass `hocket.testing.JumpingClock` instead."""

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        return time.monotonic()  # noqa: TID251  (the clock itself)

    def wall_ms(self) -> int:
        """Give wall-clock milliseconds, for information only."""
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)
