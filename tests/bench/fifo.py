"""What a pipeline ideally takes: so many at once, first come first served, no cost of its own."""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Table = Sequence[Sequence[int]]
    """Milliseconds of each stage of each item."""


def ideal_s(table: Table, cap: int, *, barrier: bool) -> float:
    """Play it through and give the seconds to its end."""
    if barrier:
        return sum(_play([[row[stage]] for row in table], cap) for stage in range(len(table[0])))
    return _play(table, cap)


def _play(table: Table, cap: int) -> float:
    ready = deque((item, 0) for item in range(len(table)))
    running: list[tuple[int, int, int]] = []
    now = started = 0
    while ready or running:
        while ready and len(running) < cap:
            item, stage = ready.popleft()
            started += 1
            heapq.heappush(running, (now + table[item][stage], started, item * 1000 + stage))
        now, _, which = heapq.heappop(running)
        item, stage = divmod(which, 1000)
        if stage + 1 < len(table[item]):
            ready.append((item, stage + 1))
    return now / 1000
