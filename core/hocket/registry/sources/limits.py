"""How long a source may take and how much it may be."""

from __future__ import annotations

import time
from dataclasses import dataclass

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What one transfer may take at most."""

    seconds: float = 300
    most_bytes: int = _GIB

    def started(self) -> Deadline:
        """Begin to count the time."""
        return Deadline(_now() + self.seconds)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which a transfer is stopped."""

    at: float

    @property
    def is_over(self) -> bool:
        """Whether it has come."""
        return _now() >= self.at


def _now() -> float:
    return time.monotonic()  # noqa: TID251  (there is no run yet, so no clock of one)
