"""Time as a run sees it."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """The run's only source of time; tests pass one that jumps."""

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        ...

    def wall_ms(self) -> int:
        """Give wall-clock milliseconds, for information only."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; cancellation ends it."""
        ...
