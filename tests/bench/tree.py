"""The processes of one group, as /proc shows them."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from threading import Event, Thread

EVERY_S, AT_FIRST_S = 0.05, 0.01
"""A run of one agent is over before ten samples; so the first hundred come closer together."""
DENSE = 100
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Group:
    """All processes that have a group of their own; others are looked at once only."""

    def __init__(self, group: int) -> None:
        self._group = group
        self._others: set[str] = set()

    def members(self) -> list[str]:
        """List the ids of the processes that are alive, a zombie is not."""
        pids = {name for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208
        self._others &= pids
        return [pid for pid in pids - self._others if self._is_member(pid)]

    def resident(self) -> int:
        """Add up the resident bytes of all members; a shared page counts in each."""
        return sum(_resident(pid) for pid in self.members())

    def _is_member(self, pid: str) -> bool:
        try:
            # The name before it may hold blanks and brackets, so the fields are those behind.
            state, _, group, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            return False
        if int(group) != self._group:
            self._others.add(pid)
            return False
        return state not in "ZX"


class PeakMemory:
    """Samples a group in a thread from its start until it is told to stop."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._over = Event()
        self._peak = 0
        self._thread = Thread(target=self._sample, name="peak-memory", daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Give the peak in MB (10⁶ bytes)."""
        self._over.set()
        self._thread.join()
        return self._peak / 1e6

    def _sample(self) -> None:
        for sample in count():
            self._peak = max(self._peak, self._group.resident())
            if self._over.wait(AT_FIRST_S if sample < DENSE else EVERY_S):
                return


def _resident(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
