"""Runs one call that holds a slot: reserve the worst case, start, keep the time, conclude."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.approval import Verdict
from hocket.api.calls import EndState, Outcome
from hocket.api.events import CallStarted
from hocket.engine import examination
from hocket.engine.context import LiveContext
from hocket.engine.examination import Neighbours
from hocket.engine.housing import Housing
from hocket.engine.requests import canonical_fields
from hocket.engine.stages import tries
from hocket.errors import StorageLost
from hocket.journal import entries

if TYPE_CHECKING:
    from hocket.api.calls import Bound, Call
    from hocket.api.tools import Workspace
    from hocket.engine.ledger import Reservation
    from hocket.engine.lending import Lending
    from hocket.engine.services import Services

COUNTED = "its check counts as passed: this backend runs none"


@dataclass(frozen=True, slots=True)
class Errand:
    """A call on its way to its agent, as it was asked and as the agent gets it."""

    call: Call
    framed: Call
    """With what stands behind handles; only the agent sees it."""
    bound: Bound
    reservation: Reservation


class Execution:
    """The innermost of the stages: from a routed call to its outcome."""

    def __init__(self, services: Services, lending: Lending) -> None:
        self._services = services
        self._lending = lending
        self._neighbours = Neighbours(services.tell)

    async def __call__(self, call: Call) -> Outcome:
        """Reserve, make its tree, run, and turn everything the backend does into an outcome."""
        call = tries().held(call)
        judged = self._lending.ceilings.judge(call)
        if judged.verdict is Verdict.DENY:
            self._lending.uses.refuse(call, judged)  # a stage has changed it
            return Outcome(EndState.REFUSED, cause=judged.reason)
        services, check = self._services, call.options.check
        passes = check is not None and services.backend.checks_pass
        if check is not None and not passes:
            refusal = await examination.refusal(call, check, self._lending)
            if refusal is not None:
                return Outcome(EndState.REFUSED, cause=refusal)
        framed = tries().held(services.seals.framed(call))
        bound = services.backend.bound(framed)
        reservation = await self._reserved(call, bound)
        if reservation is None:
            return Outcome(EndState.OVER_BUDGET, cause=services.ledger.refusal(bound))
        try:
            outcome = await self._housed(Errand(call, framed, bound, reservation))
        finally:
            reservation.release()
        return replace(outcome, notes=(*outcome.notes, COUNTED)) if passes else outcome

    async def _reserved(self, call: Call, bound: Bound) -> Reservation | None:
        """Reserve; an agent's own agent never waits, since its parent holds what it waits for."""
        ledger = self._services.ledger
        return ledger.reserve_now(bound) if call.options.depth else await ledger.reserve(bound)

    async def _housed(self, errand: Errand) -> Outcome:
        async def work(workspace: Workspace) -> Outcome:
            with self._neighbours.beside(call, workspace):
                return await self._worked(errand, workspace)

        services, call = self._services, errand.call
        isolated = services.backend.has_workspace and call.options.isolation is not None
        opening = self._lending.grounds.open(call, isolated=isolated)
        return await Housing(call, opening, services.tell).stay(work)

    async def _worked(self, errand: Errand, workspace: Workspace) -> Outcome:
        call = errand.call
        self._mark_started(call, errand.bound)
        workspace = replace(workspace, ceiling=call.options.ceiling)
        context = LiveContext(call, self._services, self._lending, errand.reservation, workspace)
        try:
            outcome = await context.conclude(await self._timed(errand.framed, context))
            tries().label |= outcome.label
            return outcome
        finally:
            await context.editing.end()

    def _mark_started(self, call: Call, bound: Bound) -> None:
        services, all_tries = self._services, tries()
        canonical = canonical_fields(call.prompt, call.options, services.agent_types)
        all_tries.count += 1
        all_tries.effects |= services.backend.has_workspace and call.options.tools != ()
        effects = all_tries.effects
        record = entries.started(call, services.backend.name, bound, canonical, effects=effects)
        # From the second on, what the tries before have booked stays booked.
        record["attempt"] = all_tries.count
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
