"""The life of one run in this process: alive until its script ends or it has to leave."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.events import RunFinished, RunStarted, StateChanged
from hocket.engine import seals
from hocket.engine.calls import Calls
from hocket.engine.ceilings import Ceilings
from hocket.engine.decisions import Decisions
from hocket.engine.execution import Execution
from hocket.engine.gates import Gates
from hocket.engine.lending import Lending
from hocket.engine.lives import Lives
from hocket.engine.nesting import Nesting
from hocket.engine.plan import Ended
from hocket.engine.questions import Questions
from hocket.engine.stages import PolicyStage, RouteStage, compose
from hocket.engine.thrift import ThriftStage
from hocket.engine.turns import Turns
from hocket.engine.uses import Uses
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from hocket.api.approval import Question
    from hocket.api.calls import Call, Options, Outcome
    from hocket.api.protocols import Stage
    from hocket.engine.flight import Flight
    from hocket.engine.plan import Plan
    from hocket.engine.services import Services

GRACE_S = 10.0
"""How long calls in flight may take to end and commit once a run is leaving."""


class Run:
    """One run in this process: alive until its script ends or it has to leave."""

    def __init__(self, plan: Plan, services: Services) -> None:
        self._plan = plan
        self._services = services
        self._end: Ended | None = None
        self._leaving = asyncio.Event()
        self._tasks: asyncio.TaskGroup
        self._waking: asyncio.Task[None] | None = None
        self._paused_for: str | None = None
        self.questions = Questions(services.approver, services.tell, self._answered)
        self.questions.remember(dict(services.past.answers))
        services.seals = seals.found(plan.stages)
        services.access.lost = self._lost
        seals.introduce((*plan.stages, *plan.policies), services.access)
        self._decisions = Decisions(services.journal, services.redactor)
        self._ceilings = Ceilings(services.backend, self._accepted(), plan.roots)
        judges = (self._ceilings, *plan.policies)
        policies = PolicyStage(judges, self.questions.ask, self._decisions)
        stages: list[Stage] = [self._thrift(), policies, RouteStage(plan.router), *plan.stages]
        self._lending = self._lend()
        innermost = Execution(services, self._lending)
        self.calls = Calls(services, compose(stages, innermost), self._lost, self._parked)
        self._nesting = Nesting(services, self.calls)
        self._lives = Lives(plan, services, self.calls, self.questions, self._lending, self._lost)

    def _accepted(self) -> frozenset[str]:
        """Give what a person accepted for this life of the run; nobody there accepts nothing."""
        policies = self._services.policies
        return policies.accepted if policies.attended else frozenset()

    def _thrift(self) -> ThriftStage:
        plan, services = self._plan, self._services
        optional = {phase.title for phase in plan.script.manifest.phases if phase.optional}
        return ThriftStage(services.ledger, plan.prune_below, optional, services.remarks)

    def _lend(self) -> Lending:
        services = self._services
        gates = Gates(services.clock)
        turns = Turns(services.breaker, gates, self._opened)
        return Lending(
            turns=turns,
            uses=Uses((self._ceilings, *self._plan.policies), self.questions, self._decisions),
            ceilings=self._ceilings,
            policies=self._plan.policies,
            prices=services.prices,
            held=services.held,
            grounds=services.grounds,
            environment=services.environment,
            spawn=self._spawn,
        )

    async def _spawn(self, parent: Call, prompt: str, options: Options, label: str) -> Outcome:
        return await self._nesting.spawn(parent, prompt, options, label)

    async def live(self) -> Ended:
        """Run the script until it ends or the run has to leave."""
        services = self._services
        self._announce()
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self.calls.open(tasks)
            sync = tasks.create_task(self._sync())
            try:
                end = await self._until_end(tasks)
            finally:
                services.slots.halt()  # cancelled from outside: no call may begin in a dying group
            sync.cancel()
            if self._waking is not None:
                self._waking.cancel()
        census = services.census
        notes = (*end.notes, *census.notes, *services.remarks.notes, *services.access.notes)
        notes += tuple(f"a person let go of a limit: {one}" for one in sorted(self._accepted()))
        released = services.seals.released(end.result)
        end = replace(end, result=released.value, outside=released.outside, notes=notes)
        end = replace(end, census=census.as_dict(), usage=services.used)
        if end.state == "suspended" and services.breaker.opening is not None:
            end = replace(end, resumes_at=services.breaker.opening.resumes_at)
        services.tell(RunFinished(end.state, end.cause, end.census, end.usage))
        return end

    def leave(self, state: str, cause: str) -> None:
        """Stop or suspend: dispatch nothing more, let calls in flight end, keep everything."""
        self._end = self._end or Ended(state, cause)
        self._services.slots.halt()
        self._leaving.set()

    @property
    def paused(self) -> bool:
        """Whether nothing is dispatched for now."""
        return self._paused_for is not None

    def pause(self, cause: str = "by a person") -> None:
        """Dispatch nothing until `go_on`; calls in flight go on."""
        self._paused_for = cause
        self._services.slots.halt()
        self._services.tell(StateChanged("paused", cause))

    def go_on(self) -> None:
        """Dispatch again."""
        self._paused_for = None
        self._lending.parked.clear()
        self._services.breaker.close()
        self._services.tell(StateChanged("running"))
        self._services.slots.go_on()

    def _announce(self) -> None:
        plan, caps = self._plan, self._plan.caps
        phases = tuple(phase.title for phase in plan.script.manifest.phases)
        replayable = self._services.past.replayable
        tokens, micros = caps.budget.tokens, caps.budget.cost_micros
        name = plan.script.manifest.name
        self._services.tell(
            RunStarted(plan.run_id, name, phases, replayable, caps.at_once, tokens, micros)
        )

    async def _sync(self) -> None:
        try:
            await self._services.journal.sync_loop()
        except StorageLost as lost:
            self._lost(lost)

    async def _until_end(self, tasks: asyncio.TaskGroup) -> Ended:
        script = tasks.create_task(self._lives.drive())
        leaving = tasks.create_task(self._leaving.wait())
        await asyncio.wait({script, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if self._end is not None:
            script.cancel()
            await self._grace(self._end)
            return self._end
        await self._clear(EndState.CANCELLED, "the script ended")
        return self._left() or script.result()

    def _left(self) -> Ended | None:
        """Give why the run has to leave, if something made it; it may come while calls end."""
        return self._end

    async def _grace(self, end: Ended) -> None:
        """Give calls in flight their time, unless what failed is the disk they would be kept on."""
        self._services.slots.halt()
        self._end_parked(end)
        waiting = [flight for flight in self.calls.in_flight if flight.task is None]
        self.calls.end(waiting, EndState.CANCELLED, f"the run was {end.state}")
        running = [flight.task for flight in self.calls.in_flight if flight.task is not None]
        if running and self._services.journal.failure is None:
            await asyncio.wait(running, timeout=GRACE_S)
        await self._clear(EndState.CANCELLED, f"the run was {end.state}")

    def _end_parked(self, end: Ended) -> None:
        """End the calls that only wait for a closed breaker: nothing is lost by not waiting."""
        parked = [f for f in self.calls.in_flight if f.call.number in self._lending.parked]
        self.calls.end(parked, EndState.QUOTA, end.cause or "quota")

    async def _clear(self, state: EndState, cause: str) -> None:
        """End what is still in flight, and wait until it is gone."""
        running = [flight.task for flight in self.calls.in_flight if flight.task is not None]
        self.calls.end(self.calls.in_flight, state, cause)
        if running:
            await asyncio.wait(running)

    def _answered(self, question: Question, answer: str) -> None:
        record = {"digest": question.digest, "channel": question.kind, "answer": answer}
        try:
            self._services.journal.append("answered", record)
        except StorageLost as lost:
            self._lost(lost)

    def _lost(self, lost: StorageLost) -> None:
        self.leave("suspended", lost.message)

    def _parked(self, flight: Flight, outcome: Outcome) -> None:
        """Keep a call that met a terminal limit; it is not failed."""
        self._lending.parked.add(flight.call.number)
        self._opened(f"quota: {outcome.cause or 'the provider allows no more'}")

    def _opened(self, cause: str) -> None:
        """Start no further call: wait for a person or the reset time, or leave."""
        breaker = self._services.breaker
        breaker.open(cause)
        if not self.paused:
            self.pause(cause)
            if breaker.closes_itself:
                self._waking = self._tasks.create_task(self._wake(cause))
        if not self._services.policies.attended and not breaker.closes_itself:
            self.leave("suspended", cause)
        if self._end is not None:
            self._end_parked(self._end)

    async def _wake(self, cause: str) -> None:
        """Go on at the reset time, unless a person has paused the run meanwhile."""
        await self._services.breaker.wait_closed()
        if self._paused_for == cause:
            self.go_on()
