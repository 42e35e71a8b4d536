"""All calls of a run: from being asked for to flying, by replay, attachment or a slot."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.calls import Call, EndState, Outcome
from hocket.api.events import CallAsked
from hocket.engine.commits import Commits
from hocket.engine.flight import Flight
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hocket.api.protocols import Proceed
    from hocket.engine.flight import Answer, Receiver
    from hocket.engine.requests import Request
    from hocket.engine.services import Services
    from hocket.engine.tallies import Tally
    from hocket.journal.index import Position


class Calls:
    """All calls of a run, from every script and pattern in it."""

    def __init__(
        self,
        services: Services,
        proceed: Proceed,
        lost: Callable[[StorageLost], None],
        parked: Callable[[Flight, Outcome], None],
    ) -> None:
        self._services = services
        self._slots = services.slots
        self._proceed = proceed
        self._commits = Commits(services, lost)
        self._lost = lost
        self._parked = parked
        self._tasks: asyncio.TaskGroup
        self._flights: dict[tuple[str, int], Flight] = {}
        self._occurrences: Counter[bytes] = Counter()
        self._next = services.past.next_call

    def open(self, tasks: asyncio.TaskGroup) -> None:
        """Dispatch from now on; every running call is a task of this group."""
        self._tasks = tasks
        self._slots.go_on()

    def begin_again(self) -> None:
        """Forget what was asked: the script starts from the top, and running calls stay."""
        self._occurrences.clear()
        for flight in self._flights.values():
            flight.receivers.clear()

    def ask(self, request: Request, receiver: Receiver) -> None:
        """Answer from the journal, attach to a call in flight, or queue for a slot."""
        key = request.key
        packed = bytes.fromhex(key)  # half the memory, and there is one for every call
        occurrence = self._occurrences[packed]
        self._occurrences[packed] = occurrence + 1
        counted, full = self._services.ledger.count(), request.tally.count()
        position = self._committed(key, occurrence)
        if position is not None:
            call = _call(request, position.number, occurrence)
            load = partial(self._load, call, position, receiver, request.tally)
            receiver.replayed(position.record, load)
            return
        flight = self._flights.get((key, occurrence))
        if flight is not None:
            flight.receivers.append(receiver)
            return
        call = _call(request, self._number(key, occurrence), occurrence)
        flight = Flight(call, [receiver], request.tally)
        self._services.tell(CallAsked(flight.call.number, request.label, request.phase))
        if counted and full is None:
            self._queue(flight)
        else:
            self._commits.now(flight, self._over_cap(full))

    def flying(self, call: Call) -> Flight:
        """Give the flight of a call that is running."""
        return self._flights[call.key, call.occurrence]

    def pass_failed(self, request: Request) -> tuple[EndState, ...]:
        """Pass over calls of earlier lives that failed, if a later one of their key did not.

        That one was the spare of a pattern: it answers, so that nothing is bought twice.
        """
        key, packed = request.key, bytes.fromhex(request.key)
        first = self._occurrences[packed]
        failed: list[EndState] = []
        while (state := self._services.past.ended(key, first + len(failed))) is not None:
            if self._committed(key, first + len(failed)) is not None:
                self._occurrences[packed] += len(failed)
                for _ in failed:
                    self._services.ledger.count()
                    request.tally.count()
                return tuple(failed)
            failed.append(state)
        return ()

    @property
    def in_flight(self) -> list[Flight]:
        """Every call that has no end state yet, in the order of asking."""
        return [*self._flights.values()]

    def end(self, flights: Iterable[Flight], state: EndState, cause: str) -> None:
        """End calls in a person's or the run's name; those still waiting end at once."""
        for flight in list(flights):
            flight.decide(state, cause)
            if flight.task is None:
                self._slots.forget(flight.begin)
                self._land(flight)
                self._commits.now(flight, Outcome(state, cause=cause))

    def _committed(self, key: str, occurrence: int) -> Position | None:
        policies = self._services.policies
        if policies.fresh:
            return None
        return self._services.past.find(key, occurrence, skipped=not policies.retry_skipped)

    def _number(self, key: str, occurrence: int) -> int:
        """Keep the number of a call that was tried before, so that its history is one."""
        known = self._services.past.number_of(key, occurrence)
        if known is not None:
            return known
        self._next += 1
        return self._next - 1

    def _load(
        self, call: Call, position: Position, receiver: Receiver, tally: Tally
    ) -> Answer | None:
        """Read a committed answer when its turn has come; a lost value makes the call run again."""
        answer = self._commits.again(call, position)
        if answer is None:
            self._queue(Flight(call, [receiver], tally))
        return answer

    def _queue(self, flight: Flight) -> None:
        self._flights[flight.call.key, flight.call.occurrence] = flight
        flight.begin = lambda: self._begin(flight)
        self._slots.ask(flight.begin)

    def _begin(self, flight: Flight) -> None:
        """Start a call; there are no slots, and so no beginning, before `open`."""
        flight.task = self._tasks.create_task(self._fly(flight))

    def _land(self, flight: Flight) -> None:
        self._flights.pop((flight.call.key, flight.call.occurrence), None)

    def _over_cap(self, full: Tally | None) -> Outcome:
        if full is not None:
            return Outcome(EndState.OVER_CAP, cause=f"agents: {full}")
        total = self._services.ledger.total
        cause = f"agents: {total} of {total} agents of this run are used; raise --max-agents"
        return Outcome(EndState.OVER_CAP, cause=cause)

    async def _fly(self, flight: Flight) -> None:
        """Run a call that holds a slot to its end state; a commit never waits for a slot."""
        try:
            outcome = await self._outcome(flight)
            if outcome is not None and outcome.state is EndState.QUOTA and flight.decided is None:
                self._parked(flight, outcome)  # before its slot is free: no other call may start
                outcome = None
        except StorageLost as lost:
            self._lost(lost)
            return
        finally:
            self._slots.give()
        if outcome is None:
            self._requeue(flight)
        else:
            self._land(flight)
            await self._commits.durably(flight, outcome)

    def _requeue(self, flight: Flight) -> None:
        flight.task, flight.begun, flight.again = None, False, False
        self._slots.ask_first(flight.begin)

    async def _outcome(self, flight: Flight) -> Outcome | None:
        """Give the end state; None when a person wants the call to begin again."""
        flight.begun = True
        if flight.decided is not None:
            return flight.decided
        try:
            return await self._proceed(flight.call)
        except asyncio.CancelledError:
            if not flight.caught():
                raise
            return flight.decided
        except StorageLost:
            raise
        except Exception as bug:  # noqa: BLE001  (one stage's bug must not end the other calls)
            return Outcome(EndState.ERROR, cause=f"a stage raised {type(bug).__name__}")


def _call(request: Request, number: int, occurrence: int) -> Call:
    return Call(
        number,
        request.key,
        occurrence,
        request.prompt,
        request.label,
        request.phase,
        request.options,
    )
