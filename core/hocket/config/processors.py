"""How many processors this process may use, as the container allows."""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processors(quota: Path = QUOTA) -> int:
    """Count the processors the scheduler and the container's quota leave to this process."""
    try:
        free = len(os.sched_getaffinity(0))
    except AttributeError:  # pragma: no cover  only Linux tells
        free = os.cpu_count() or 1
    try:
        allowed, period = quota.read_text("ascii").split()
        return max(1, min(free, math.ceil(int(allowed) / int(period))))
    except (OSError, ValueError):  # no quota file, or "max": no quota
        return free


def agents_at_once() -> int:
    """Give the default cap: agents wait on the network, but two processors feed few of them."""
    return min(16, max(2, processors() - 2))
