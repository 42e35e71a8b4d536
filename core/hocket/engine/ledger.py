"""Caps and money, in one place: slots, totals, reservations. Integers, no locks, one thread."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from hocket.api.calls import Bound
from hocket.engine.budget import Budget
from hocket.errors import UsageError

if TYPE_CHECKING:
    from hocket.api.calls import Usage

    Waiter = tuple[Bound, asyncio.Future["Reservation | None"]]

MOST_AT_ONCE = 256
RUNAWAY = 10_000


class Reservation:
    """What one call may still spend; only the ledger makes one."""

    __slots__ = ("_ledger", "_micros", "_open", "_tokens")

    def __init__(self, ledger: Ledger, bound: Bound) -> None:
        self._ledger, self._open = ledger, True
        self._tokens, self._micros = bound.output, bound.cost_micros or 0

    @property
    def held(self) -> Bound:
        """What is reserved and not spent."""
        return Bound(self._tokens, self._micros)

    def grow(self, bound: Bound) -> bool:
        """Hold the next turn's bound instead of what the last one left; a refusal keeps that."""
        if not self._open:
            return False
        granted = self._ledger.exchange((self._tokens, self._micros), bound)
        if granted:
            self._tokens, self._micros = bound.output, bound.cost_micros or 0
        return granted

    def spend(self, usage: Usage) -> None:
        """Turn a turn's usage into spending; what is missing in it counts as all that is held."""
        output, cost = usage.output, usage.cost_micros
        tokens = self._tokens if output < 0 else output
        micros = self._micros if cost is None or cost < 0 else cost
        held = self._tokens, self._micros
        self._tokens, self._micros = max(0, held[0] - tokens), max(0, held[1] - micros)
        self._ledger.settle(held, (tokens, micros))

    def spend_all(self) -> None:
        """Count everything held as spent, because a turn's usage never came."""
        held = self._tokens, self._micros
        self._tokens = self._micros = 0
        self._ledger.settle(held, held)

    def release(self) -> None:
        """Give back what is left, once; whoever waits for it is served at once."""
        tokens, micros = self._tokens, self._micros
        self._open, self._tokens, self._micros = False, 0, 0
        self._ledger.give_back(tokens, micros)

    def refusal(self, bound: Bound) -> str:
        """Say why this call cannot grow to the bound."""
        return self._ledger.refusal(bound, (self._tokens, self._micros))


class Ledger(Budget):
    """Says who may run and what it may spend; waiters for money are served strictly in order."""

    def __init__(self, *, cap: int, total: int, tokens: int | None, micros: int | None) -> None:
        super().__init__(tokens, micros)
        self.cap = cap
        self.total = total
        self.running = self.most_running = self.asked = self._refusals = 0
        self._waiting: deque[Waiter] = deque()

    @property
    def cap(self) -> int:
        """How many calls may run at once; lowering it stops none that run."""
        return self._cap

    @cap.setter
    def cap(self, cap: int) -> None:
        if not 1 <= cap <= MOST_AT_ONCE:
            expected = f"1 to {MOST_AT_ONCE}"
            raise UsageError("agents at once", found=f"the cap is {cap}", expected=expected)
        self._cap = cap

    @property
    def runaway(self) -> bool:
        """Whether so many calls were refused that the script is a loop that never ends."""
        return self._refusals >= RUNAWAY

    def begin_again(self) -> None:
        """Forget who asked: the script starts from the top and asks again; money stays spent."""
        self.asked = self._refusals = 0

    def slot(self) -> bool:
        """Take a slot if one is free."""
        if self.running >= self._cap:
            return False
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        return True

    def give_slot(self) -> None:
        """Give a slot back."""
        self.running -= 1

    def count(self) -> bool:
        """Count a call that was asked for; False when the total is used up."""
        self.asked += 1
        return self.asked <= self.total

    def refused(self) -> None:
        """Count a call that ended over cap or over budget."""
        self._refusals += 1

    async def reserve(self, bound: Bound) -> Reservation | None:
        """Reserve at once, or wait while running calls may give enough back; None when hopeless."""
        if self.hopeless(bound):
            return None
        if (reservation := self.try_reserve(bound)) is not None:
            return reservation
        answer: asyncio.Future[Reservation | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((bound, answer))
        try:
            return await answer
        except asyncio.CancelledError:
            # The grant and the cancellation can come in the same turn of the loop.
            if not answer.cancelled() and (granted := answer.result()) is not None:
                granted.release()
            self._serve()
            raise

    def try_reserve(self, bound: Bound) -> Reservation | None:
        """Reserve if it fits and nobody waits before."""
        return None if self._waiting else self.reserve_now(bound)

    def reserve_now(self, bound: Bound) -> Reservation | None:
        """Reserve if it fits, before all that wait: who asks holds what they wait for."""
        return self._grant(bound) if self.fits(bound) else None

    def charge(self, tokens: int, micros: int) -> None:
        """Count spending that was never reserved; waiters it leaves without hope are refused."""
        super().charge(tokens, micros)
        self._serve()

    def settle(self, held: tuple[int, int], billed: tuple[int, int]) -> None:
        """Turn what a reservation holds into what was billed, and serve who waits."""
        self._settle(held, billed)
        self._serve()

    def exchange(self, held: tuple[int, int], bound: Bound) -> bool:
        """Replace what a reservation holds by a bound, if that fits."""
        if not self.fits(bound, held):
            return False
        self._hold(bound.output - held[0], (bound.cost_micros or 0) - held[1])
        self._serve()
        return True

    def give_back(self, tokens: int, micros: int) -> None:
        """Free what a reservation no longer needs, and serve who waits."""
        self._hold(-tokens, -micros)
        self._serve()

    def _grant(self, bound: Bound) -> Reservation:
        self._hold(bound.output, bound.cost_micros or 0)
        return Reservation(self, bound)

    def _serve(self) -> None:
        """Grant in order while the first fits, and refuse all that have no hope left."""
        if not self._waiting:
            return
        kept: deque[Waiter] = deque()
        for bound, answer in self._waiting:
            if answer.done():  # cancelled; its task has not run yet
                continue
            if self.hopeless(bound):
                answer.set_result(None)
            elif not kept and self.fits(bound):
                answer.set_result(self._grant(bound))
            else:
                kept.append((bound, answer))
        self._waiting = kept
