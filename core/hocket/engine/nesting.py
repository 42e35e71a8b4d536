"""Agents of agents: on the run's caps and budget, at most five levels deep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.engine.inner import Waiter
from hocket.engine.requests import made
from hocket.engine.seals import opened

if TYPE_CHECKING:
    from hocket.api.calls import Call, Options
    from hocket.engine.calls import Calls
    from hocket.engine.services import Services

DEEPEST = 5


class Nesting:
    """Lets a running call ask for agents of its own."""

    def __init__(self, services: Services, calls: Calls) -> None:
        self._services = services
        self._calls = calls

    async def spawn(self, parent: Call, prompt: str, options: Options, label: str) -> Outcome:
        """Run an agent for another one, which has left its seat."""
        depth = parent.options.depth + 1
        if depth > DEEPEST:
            return Outcome(EndState.OVER_CAP, cause=f"nesting: {DEEPEST} levels are the most")
        flight = self._calls.flying(parent)
        nested = replace(options, depth=depth, ceiling=flight.call.options.ceiling)
        shown = (label, parent.phase)
        waiter = Waiter()
        services = self._services
        request = made(prompt, nested, shown, services.agent_types, services.seals)
        self._calls.ask(replace(request, tally=flight.tally), waiter)
        return opened((await waiter.answer).outcome, services.seals)
