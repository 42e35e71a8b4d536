"""Commit before deliver: an outcome is written, and only then does anybody hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.events import CallFinished, Logged
from hocket.engine.flight import Answer, sentence
from hocket.errors import StorageLost
from hocket.journal import entries
from hocket.journal.log import ArtifactMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.calls import Call, Outcome
    from hocket.engine.flight import Flight
    from hocket.engine.services import Services
    from hocket.journal.index import Position


class Commits:
    """Writes end states and tells them; reads committed ones again."""

    def __init__(self, services: Services, lost: Callable[[StorageLost], None]) -> None:
        self._services = services
        self._lost = lost

    def now(self, flight: Flight, outcome: Outcome) -> None:
        """Commit and deliver the end of a call that never ran: it has no value to lose."""
        answer = self._write(flight.call, outcome)
        if answer is not None:
            self._deliver(flight, answer)

    async def durably(self, flight: Flight, outcome: Outcome) -> None:
        """Commit, wait for the sync where that was asked for, and deliver."""
        answer = self._write(flight.call, outcome)
        if answer is None:
            return
        try:
            await self._services.journal.durable()
        except StorageLost as lost:
            self._lost(lost)
            return
        self._deliver(flight, answer)

    def again(self, call: Call, position: Position) -> Answer | None:
        """Read a committed answer; None, with a warning, when its value is gone."""
        services = self._services
        try:
            record = services.journal.load(position)
            value = services.journal.value(record.payload)
        except ArtifactMissing as missing:
            services.tell(Logged(f"{call.label}: {missing}; the call runs again", "warn"))
            services.past.forget(call.key, call.occurrence)
            return None
        outcome = entries.read_outcome(record.payload, value)
        services.access.sealed.update(outcome.sealed)
        services.census.add(outcome.state, replayed=True)
        services.tell(_finished(call, outcome, replayed=True))
        return Answer(call, outcome, entries.read_spent(record.payload))

    def _write(self, call: Call, outcome: Outcome) -> Answer | None:
        """Write the end state with the totals at this moment; None when that failed."""
        services = self._services
        spent = services.ledger.spent
        try:
            kept = services.journal.keep(outcome.value) if outcome.committed else {}
            position = services.journal.append("ended", entries.ended(call, outcome, kept, spent))
        except StorageLost as lost:
            self._lost(lost)
            return None
        if outcome.committed:
            services.past.remember(call.key, call.occurrence, position, call.number)
        return Answer(call, outcome, spent)

    def _deliver(self, flight: Flight, answer: Answer) -> None:
        services, outcome = self._services, answer.outcome
        if outcome.state in (EndState.OVER_CAP, EndState.OVER_BUDGET):
            services.ledger.refused()
        if flight.receivers:  # else the script that asked died, and asking again counts it
            services.census.add(outcome.state)
        services.tell(_finished(flight.call, outcome))
        if outcome.state is not EndState.OK:
            services.tell(Logged(f"{flight.call.label}: {sentence(outcome)}", "warn"))
        for receiver in flight.receivers:
            receiver.finished(answer)


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
