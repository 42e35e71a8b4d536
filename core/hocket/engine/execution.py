"""Runs one call that holds a slot: reserve the worst case, start, keep the time, conclude."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.api.events import CallStarted
from hocket.engine.context import LiveContext
from hocket.engine.requests import canonical_fields
from hocket.errors import StorageLost
from hocket.journal import entries

if TYPE_CHECKING:
    from hocket.api.calls import Bound, Call
    from hocket.engine.lending import Lending
    from hocket.engine.services import Services


class Execution:
    """The innermost of the stages: from a routed call to its outcome."""

    def __init__(self, services: Services, lending: Lending) -> None:
        self._services = services
        self._lending = lending

    async def __call__(self, call: Call) -> Outcome:
        """Reserve, run, and turn everything the backend does into an outcome."""
        services = self._services
        bound = services.backend.bound(call)
        reservation = await services.ledger.reserve(bound)
        if reservation is None:
            return Outcome(EndState.OVER_BUDGET, cause=services.ledger.refusal(bound))
        try:
            self._mark_started(call, bound)
            context = LiveContext(call, services, self._lending, reservation)
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
            async with context.activity.limited():
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
