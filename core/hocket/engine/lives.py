"""The lives of a script: its process may die once; it starts from the top and replays."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import DEFAULTS
from hocket.api.events import Logged
from hocket.api.scripts import Fault, HostCrashed, Raised, Start
from hocket.engine import ceilings
from hocket.engine.children import Children
from hocket.engine.driver import Driver
from hocket.engine.handed import handed
from hocket.engine.patterns import Patterns
from hocket.engine.place import Place
from hocket.engine.plan import Ended
from hocket.engine.requests import Surroundings
from hocket.engine.sidecalls import SideCalls
from hocket.engine.tallies import Tally
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.api.scripts import Returned, Script
    from hocket.engine.calls import Calls
    from hocket.engine.lending import Lending
    from hocket.engine.plan import Plan
    from hocket.engine.questions import Questions
    from hocket.engine.services import Services

ROOT = Place()


class Lives:
    """Drives the run's script and its children, however often their process dies."""

    def __init__(
        self,
        plan: Plan,
        services: Services,
        calls: Calls,
        questions: Questions,
        lending: Lending,
        lost: Callable[[StorageLost], None],
    ) -> None:
        self._plan = plan
        self._services = services
        self._calls = calls
        self._lost = lost
        children = Children(plan.library, plan.caps.nesting, self.start)
        patterns = Patterns(services, calls, lending)
        self._side = SideCalls(services, questions, children, patterns, lost)

    async def drive(self) -> Ended:
        """Drive the script to its end; a second death of its process fails the run."""
        first = await self._life()
        if not isinstance(first, HostCrashed):
            return judged(first, self._plan.script)
        self._services.tell(Logged(f"the script's process died ({first}); started again", "warn"))
        second = await self._life()
        if not isinstance(second, HostCrashed):
            return judged(second, self._plan.script)
        return Ended("failed", f"crashed: the script's process died twice ({second})")

    async def _life(self) -> Returned | Raised | HostCrashed:
        """Run from the top; calls in flight are not disturbed and attach again by their keys."""
        self._services.census.begin_again()
        self._services.remarks.begin_again()
        self._services.ledger.begin_again()
        self._calls.begin_again()
        plan = self._plan
        crashes: list[BaseException] = []
        end: Returned | Raised | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                self._side.begin_again(tasks)
                args = handed(plan.args, plan.outside, self._services.seals)
                _, end = await self.start(plan.script, args, has_args=plan.has_args)
                if isinstance(end, Raised):
                    self._side.abandon()
        except* HostCrashed as group:
            crashes.extend(group.exceptions)
        return HostCrashed(str(crashes[0])) if end is None or crashes else end

    async def start(
        self,
        script: Script,
        args: JsonValue,
        *,
        has_args: bool,
        place: Place = ROOT,
    ) -> tuple[Driver, Returned | Raised]:
        """Start a process for a script and drive it to its end."""
        plan, services = self._plan, self._services
        script = replace(script, ceiling=ceilings.resolved(script, place.ceiling))
        around = self._around(script, Tally.of(script, place.tally))
        driver = Driver(script, services, self._calls, self._side, around, place)
        # A pattern is imported for its arguments: only one that the script can mean.
        patterns = {
            name: tuple(pattern.arguments.model_fields)
            for name, pattern in services.patterns.items()
            if name in script.source
        }
        start = Start(script, args, has_args, plan.caps.budget, plan.caps.limits, patterns)
        try:
            return driver, await driver.drive(plan.hosts[script.language], start)
        except StorageLost as lost:
            self._lost(lost)  # the run leaves with that as its end, whatever its scripts say
            return driver, Raised(Fault("RuntimeError", lost.message))

    def _around(self, script: Script, tally: Tally) -> Surroundings:
        backend = self._services.backend
        return Surroundings(
            checks=script.manifest.checks,
            agent_types=self._services.agent_types,
            attach=lambda inputs: self._plan.attach(script, inputs),
            checkable=backend.has_workspace or backend.checks_pass,
            backend=backend.name,
            seals=self._services.seals,
            defaults=replace(DEFAULTS, ceiling=script.ceiling),
            tally=tally,
        )


def judged(end: Returned | Raised, script: Script) -> Ended:
    """Say how the run ended by how its script did; an error names the script's own line."""
    if not isinstance(end, Raised):
        return Ended("completed", None, end.value, end.notes)
    if end.limit in ("deadlock", "runaway"):
        return Ended("failed", f"{end.limit}: {end.fault.message}")
    place = f"{script.path}:{end.frames[-1].line}:{end.frames[-1].column}: " if end.frames else ""
    what = f"limit {end.limit}" if end.limit is not None else end.fault.name
    return Ended("failed", f"{place}{what}: {end.fault.message}")
