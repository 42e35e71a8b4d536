"""Order: which results a script gets, and when, so that a replay takes the same path.

Answers without a record (misuse, plain values) go at once, since they are the same on every
replay. Committed results go by record number, lowest first, and the script comes to rest
after each; live ones wait until no committed one can be delivered and go in commit order.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.scripts import Settle, Spent

if TYPE_CHECKING:
    from collections.abc import Callable

    Load = Callable[[], Settle | None]

MOST_AT_ONCE = 256


class Delivery:
    """The results on their way into one script process."""

    def __init__(self) -> None:
        self._at_once: deque[Settle] = deque()
        self._committed: list[tuple[int, int, Load]] = []
        self._live: deque[Settle] = deque()
        self._arrived = asyncio.Event()
        self._groups: dict[int, list[int]] = {}
        self._spent = Spent()
        self.open: dict[int, str] = {}
        """What was asked and not yet answered, with its label."""

    def expect(self, call: int, label: str) -> None:
        """Count a call as asked and not yet answered."""
        self.open[call] = label

    def barrier(self, group: tuple[int, ...]) -> None:
        """Note that a group is awaited as a whole: all but its last result are quiet."""
        left = [len(group)]
        self._groups.update((call, left) for call in group)

    def at_once(self, settle: Settle) -> None:
        """Offer an answer that needs no record; what was spent stays as the script saw it."""
        self._at_once.append(settle)
        self._arrived.set()

    def committed(self, record: int, call: int, load: Load) -> None:
        """Offer a result of the journal; it is read only when its turn has come."""
        heapq.heappush(self._committed, (record, call, load))
        self._arrived.set()

    def live(self, settle: Settle) -> None:
        """Offer a result that was committed just now."""
        self._live.append(settle)
        self._arrived.set()

    async def next(self) -> list[Settle]:
        """Wait for what may be delivered now; at least one result."""
        while True:
            if self._at_once:
                return [self._marked(replace(self._at_once.popleft(), spent=self._spent))]
            taken = self._replayed() or self._fresh()
            if taken:
                return taken
            self._arrived.clear()
            await self._arrived.wait()

    def _replayed(self) -> list[Settle]:
        """Take the lowest record, and go on only while what was taken makes no code runnable."""
        taken: list[Settle] = []
        while self._committed and len(taken) < MOST_AT_ONCE:
            settle = heapq.heappop(self._committed)[2]()
            if settle is None:
                continue
            taken.append(self._marked(settle))
            if not taken[-1].quiet:
                break
        return taken

    def _fresh(self) -> list[Settle]:
        """Take what was committed first, and stop by the same rule as on replay.

        What a result makes the script ask for may be answered at once: before the next result.
        """
        taken: list[Settle] = []
        while self._live and len(taken) < MOST_AT_ONCE:
            taken.append(self._marked(self._live.popleft()))
            if not taken[-1].quiet:
                break
        return taken

    def _marked(self, settle: Settle) -> Settle:
        self.open.pop(settle.id, None)
        self._spent = settle.spent
        left = self._groups.pop(settle.id, None)
        if left is None:
            return settle
        left[0] -= 1
        if settle.fault is not None or left[0] == 0:
            return settle
        return Settle(settle.id, settle.value, None, settle.spent, quiet=True)
