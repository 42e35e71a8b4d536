"""One call from being asked for to being delivered: replay, admit, stages, execute, commit."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING

from hocket.api.calls import Call, EndState, Outcome
from hocket.api.events import CallAsked, CallFinished, CallStarted, Logged
from hocket.engine import entries
from hocket.engine.context import LiveContext
from hocket.engine.flight import Answer, Flight, sentence
from hocket.engine.journal import ArtifactMissing
from hocket.engine.requests import canonical_fields
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hocket.api.calls import Bound
    from hocket.api.protocols import Proceed
    from hocket.engine.flight import Receiver
    from hocket.engine.index import Position
    from hocket.engine.requests import Request
    from hocket.engine.services import Services


class Calls:
    """All calls of a run, from every script and pattern in it."""

    def __init__(
        self,
        services: Services,
        proceed: Callable[[Proceed], Proceed],
        lost: Callable[[StorageLost], None],
        parked: Callable[[Outcome], None],
    ) -> None:
        self._services = services
        self._proceed = proceed(self._execute)
        self._tasks: asyncio.TaskGroup | None = None
        self._lost = lost
        self._parked = parked
        self._waiting: deque[Flight] = deque()
        self._flights: dict[tuple[str, int], Flight] = {}
        self._occurrences: Counter[str] = Counter()
        self._next = services.past.next_call
        self._halted = False

    def open(self, tasks: asyncio.TaskGroup) -> None:
        """Dispatch from now on; every running call is a task of this group."""
        self._tasks = tasks

    def begin_again(self) -> None:
        """Forget what was asked: the script starts from the top, and running calls stay."""
        self._occurrences.clear()

    def ask(self, request: Request, receiver: Receiver) -> None:
        """Answer from the journal, attach to a call in flight, or queue for a slot."""
        key = request.key
        occurrence = self._occurrences[key]
        self._occurrences[key] += 1
        counted = self._services.ledger.count()
        position = None if self._services.policies.fresh else self._committed(key, occurrence)
        if position is not None:
            call = _call(request, position.number, occurrence)
            receiver.replayed(position.record, lambda: self._load(call, position, receiver))
            return
        flight = self._flights.get((key, occurrence))
        if flight is not None:
            flight.receivers.append(receiver)
            return
        flight = Flight(_call(request, self._number(key, occurrence), occurrence), [receiver])
        self._services.tell(CallAsked(flight.call.number, request.label, request.phase))
        if counted:
            self._queue(flight)
        else:
            self._over_cap(flight)

    @property
    def in_flight(self) -> list[Flight]:
        """Every call that has no end state yet, in the order of asking."""
        return [*self._flights.values()]

    def halt(self) -> None:
        """Dispatch nothing from now on; calls in flight go on."""
        self._halted = True

    def go_on(self) -> None:
        """Dispatch again."""
        self._halted = False
        self.pump()

    def pump(self) -> None:
        """Give free slots to waiting calls, in the order of asking."""
        ledger = self._services.ledger
        while self._tasks and self._waiting and not self._halted and ledger.slot():
            flight = self._waiting.popleft()
            flight.task = self._tasks.create_task(self._fly(flight))

    def end(self, flights: Iterable[Flight], state: EndState, cause: str) -> None:
        """End calls in a person's or the run's name; those still waiting end at once."""
        for flight in list(flights):
            flight.decide(state, cause)
            if flight.task is None:
                self._waiting.remove(flight)
                self._finish(flight, Outcome(state, cause=cause))

    def _committed(self, key: str, occurrence: int) -> Position | None:
        past = self._services.past
        return past.find(key, occurrence, skipped=not self._services.policies.retry_skipped)

    def _number(self, key: str, occurrence: int) -> int:
        """Keep the number of a call that was tried before, so that its history is one."""
        known = self._services.past.number_of(key, occurrence)
        if known is not None:
            return known
        self._next += 1
        return self._next - 1

    def _load(self, call: Call, position: Position, receiver: Receiver) -> Answer | None:
        """Read a committed answer when its turn has come; a lost value makes the call run again."""
        services = self._services
        try:
            record = services.journal.load(position)
            value = services.journal.value(record.payload)
        except ArtifactMissing as missing:
            services.tell(Logged(f"{call.label}: {missing}; the call runs again", "warn"))
            services.past.forget(call.key, call.occurrence)
            self._queue(Flight(call, [receiver]))
            return None
        outcome = entries.read_outcome(record.payload, value)
        services.census.add(outcome.state, replayed=True)
        services.tell(_finished(call, outcome, replayed=True))
        return Answer(call, outcome, entries.read_spent(record.payload))

    def _queue(self, flight: Flight) -> None:
        self._flights[flight.call.key, flight.call.occurrence] = flight
        self._waiting.append(flight)
        self.pump()

    def _over_cap(self, flight: Flight) -> None:
        total = self._services.ledger.total
        cause = f"agents: {total} of {total} agents of this run are used; raise --max-agents"
        self._finish(flight, Outcome(EndState.OVER_CAP, cause=cause))

    async def _fly(self, flight: Flight) -> None:
        """Run a call that holds a slot to its end state."""
        ledger = self._services.ledger
        try:
            outcome = await self._outcome(flight)
        except StorageLost as lost:
            self._lost(lost)
            return
        finally:
            ledger.give_slot()
        if outcome is None:
            flight.task, flight.again = None, False
            self._waiting.appendleft(flight)
        elif outcome.state is EndState.QUOTA and flight.decided is None:
            flight.task = None
            self._waiting.appendleft(flight)
            self._parked(outcome)
        elif self._commit(flight, outcome):
            await self._durable()
            self._deliver(flight, outcome)
        self.pump()

    async def _outcome(self, flight: Flight) -> Outcome | None:
        """Give the end state; None when a person wants the call to begin again."""
        try:
            return await self._proceed(flight.call)
        except asyncio.CancelledError:
            if not flight.caught():
                raise
            return flight.decided

    async def _execute(self, call: Call) -> Outcome:
        """Reserve the worst case, run the call, and turn everything it does into an outcome."""
        services = self._services
        bound = services.backend.bound(call)
        reservation = await services.ledger.reserve(bound)
        if reservation is None:
            return Outcome(EndState.OVER_BUDGET, cause=services.ledger.refusal(bound))
        try:
            self._mark_started(call, bound)
            context = LiveContext(call, services, reservation)
            outcome = await self._timed(call, context)
            return await context.conclude(outcome)
        finally:
            reservation.release()

    def _mark_started(self, call: Call, bound: Bound) -> None:
        services = self._services
        canonical = canonical_fields(call.prompt, call.options, services.agent_types)
        effects = services.backend.has_workspace and call.options.tools != ()
        record = entries.started(call, services.backend.name, bound, canonical, effects=effects)
        services.journal.append("started", record)
        services.tell(CallStarted(call.number, call.options.model))

    async def _timed(self, call: Call, context: LiveContext) -> Outcome:
        limit = call.options.timeout_s
        try:
            async with asyncio.timeout(limit):
                return await self._services.executor.run(call, self._services.backend, context)
        except TimeoutError:
            context.abandon()
            return Outcome(EndState.TIMEOUT, cause=f"no answer within {limit:g} s")
        except asyncio.CancelledError:
            context.abandon()
            raise
        except StorageLost:
            raise
        except Exception as bug:  # noqa: BLE001  (one backend's bug must not end the other calls)
            context.abandon()
            name = self._services.backend.name
            return Outcome(EndState.ERROR, cause=f"backend {name} raised {type(bug).__name__}")

    def _finish(self, flight: Flight, outcome: Outcome) -> None:
        """End a call that never ran."""
        if self._commit(flight, outcome):
            self._deliver(flight, outcome)

    def _commit(self, flight: Flight, outcome: Outcome) -> bool:
        """Write the end state; False when that failed, and then nothing is delivered."""
        services, call = self._services, flight.call
        self._flights.pop((call.key, call.occurrence), None)
        try:
            kept = services.journal.keep(outcome.value) if outcome.committed else {}
            record = entries.ended(call, outcome, kept, services.ledger.spent)
            position = services.journal.append("ended", record)
        except StorageLost as lost:
            self._lost(lost)
            return False
        if outcome.committed:
            services.past.remember(call.key, call.occurrence, position, call.number)
        return True

    def _deliver(self, flight: Flight, outcome: Outcome) -> None:
        services = self._services
        if outcome.state in (EndState.OVER_CAP, EndState.OVER_BUDGET):
            services.ledger.refused()
        services.census.add(outcome.state)
        services.tell(_finished(flight.call, outcome))
        if outcome.state is not EndState.OK:
            services.tell(Logged(f"{flight.call.label}: {sentence(outcome)}", "warn"))
        answer = Answer(flight.call, outcome, services.ledger.spent)
        for receiver in flight.receivers:
            receiver.finished(answer)

    async def _durable(self) -> None:
        try:
            await self._services.journal.durable()
        except StorageLost as lost:
            self._lost(lost)


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


def _finished(call: Call, outcome: Outcome, *, replayed: bool = False) -> CallFinished:
    return CallFinished(
        call.number,
        call.label,
        call.phase,
        outcome.state,
        outcome.cause,
        outcome.usage,
        replayed,
    )
