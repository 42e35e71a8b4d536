"""Who runs next: slots go in the order of asking."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.engine.ledger import Ledger

    Begin = Callable[[], None]


class Slots:
    """The queue for the run's slots; waiting costs an entry here, and no task."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._queue: deque[Begin] = deque()
        self._halted = True

    def ask(self, begin: Begin) -> None:
        """Queue up; `begin` is called once a slot has been taken for it."""
        self._queue.append(begin)
        self.pump()

    def ask_first(self, begin: Begin) -> None:
        """Queue up before all others: for a call that had a slot already."""
        self._queue.appendleft(begin)
        self.pump()

    def forget(self, begin: Begin) -> None:
        """Leave the queue."""
        self._queue.remove(begin)

    def give(self) -> None:
        """Give a slot back to whoever is next."""
        self._ledger.give_slot()
        self.pump()

    def halt(self) -> None:
        """Hand out no slot from now on; what runs goes on."""
        self._halted = True

    def go_on(self) -> None:
        """Hand out slots again."""
        self._halted = False
        self.pump()

    def pump(self) -> None:
        """Hand out free slots in the order of asking."""
        while self._queue and not self._halted and self._ledger.slot():
            self._queue.popleft()()

    def take(self) -> None:
        """Take a slot even if none is free, for a call that will give it back soon.

        Whoever ends must not wait for one first: that would hold up the end.
        """
        self._ledger.running += 1

    async def again(self) -> None:
        """Wait for a slot before all others; cancelled, it has one all the same."""
        back = asyncio.get_running_loop().create_future()
        begin = partial(_hand_over, back)
        self.ask_first(begin)
        try:
            await back
        except asyncio.CancelledError:
            # A slot may have come in the same turn of the loop: then there is nothing to make up.
            if begin in self._queue:
                self.forget(begin)
                self.take()
            raise


def _hand_over(back: asyncio.Future[None]) -> None:
    if not back.done():  # cancelled, and its task has not run yet: the slot is its own all the same
        back.set_result(None)
