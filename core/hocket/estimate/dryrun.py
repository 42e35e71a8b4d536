"""Runs a script on the real engine with made-up agents, in memory, as often as the time allows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.events import CallFinished
from hocket.engine.ledger import Ledger
from hocket.engine.run import Run
from hocket.engine.services import Policies
from hocket.engine.slots import Slots
from hocket.estimate.backend import Foreseeing
from hocket.estimate.counting import Counted
from hocket.estimate.jumping import JumpingClock, JumpingLoop
from hocket.estimate.kinds import Kinds
from hocket.estimate.scratch import Scratch, Unsynced
from hocket.estimate.shaping import Shaping
from hocket.journal.past import Past
from hocket.launch import wiring
from hocket.launch.opened import Opened
from hocket.launch.start import Company

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.approval import Question
    from hocket.api.calls import Call, Outcome
    from hocket.api.clock import Clock
    from hocket.api.events import Event
    from hocket.api.protocols import Backend, CallContext
    from hocket.engine.plan import Plan
    from hocket.engine.services import Services
    from hocket.estimate.backend import Foresight
    from hocket.estimate.tally import Draw
    from hocket.launch.prepare import Prepared

MOST, LEAST, _PLENTY = 200, 5, 30
"""Draws; the least are made whatever time they take, and plenty are enough of a script that always
makes so many calls."""
PATIENCE_S, LONGEST_S = 2.5, 4.0
"""For all draws, and for one: a script may ask for very many agents."""
_TURN_S = 1.0
"""A script that computes for so long between two calls ends its draw there."""
_RUN = "estimate"


@dataclass(frozen=True, slots=True)
class World:
    """What a draw may have otherwise than the run would, to see what it saves."""

    args: JsonValue = None
    most: Mapping[str, int] = field(default_factory=dict[str, int])
    """The greatest length of lists in answers, by the name of their field."""


AS_IT_IS = World()


class Here:
    """An executor that needs nothing."""

    name = "estimate"

    async def run(self, call: Call, backend: Backend, context: CallContext) -> Outcome:
        """Run the call here."""
        return await backend.run(call, context)


class Anybody:
    """Answers what a script asks a person as if nobody minded."""

    async def answer(self, question: Question) -> str | None:
        """Take the default, else the first option, else a word."""
        return question.default or next(iter(question.options), "yes")


class DryRuns:
    """The dry runs of one prepared script."""

    def __init__(self, prepared: Prepared, foresight: Foresight) -> None:
        self._prepared = prepared
        self._foresight = foresight
        self._kinds = Kinds(prepared.arguments.value)
        self._clock = JumpingClock()
        self._company = Company(clock=self._clock, approver=Anybody(), policies=Policies())
        limits = replace(prepared.caps.limits, turn_s=_TURN_S)
        self._caps = replace(prepared.caps, limits=limits)
        plan = wiring.plan(_opened(), prepared)
        self._plan = replace(plan, caps=self._caps, policies=(), outside={})

    def draws(
        self, clock: Clock, world: World = AS_IT_IS, *, most: int = MOST, patience_s: float
    ) -> list[Draw]:
        """Make draws until there are enough or the time is up; the n-th is always the same."""
        until = clock.monotonic() + patience_s
        shaping = Shaping(world.most)
        plan = self._plan if world.args is None else replace(self._plan, args=world.args)
        done: list[Draw] = []
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            while len(done) < most and (len(done) < LEAST or _worth(done, clock, until)):
                backend = Foreseeing(self._foresight, self._kinds, shaping, len(done))
                done.append(runner.run(self._lived(plan, backend, clock)))
        return done

    async def _lived(self, plan: Plan, backend: Foreseeing, real: Clock) -> Draw:
        draw, began = backend.draw, self._clock.monotonic()
        until = real.monotonic() + LONGEST_S

        def tell(event: Event) -> None:
            if isinstance(event, CallFinished) and event.state is EndState.OVER_CAP:
                draw.capped = True
                run.leave("stopped", "cap")
            elif isinstance(event, CallFinished) and real.monotonic() > until:
                draw.cut = True
                run.leave("stopped", "time")

        run = Run(plan, self._services(backend, tell))
        ended = await run.live()
        draw.state, draw.cause = ended.state, ended.cause
        draw.seconds = self._clock.monotonic() - began
        return draw

    def _services(self, backend: Foreseeing, tell: Callable[[Event], None]) -> Services:
        """Give the engine's objects for one draw; nothing of another draw is in them."""
        opened = _opened()
        log = Unsynced(opened.held, self._clock, past=opened.past)
        made = wiring.services(opened, self._prepared, self._company, log, tell)
        ledger = Ledger(cap=self._caps.at_once, total=self._caps.agents, tokens=None, micros=None)
        counted = {name: Counted(one, backend.draw) for name, one in made.patterns.items()}
        return replace(
            made,
            ledger=ledger,
            slots=Slots(ledger),
            backend=backend,
            executor=Here(),
            patterns=counted,
        )


def _worth(done: Sequence[Draw], clock: Clock, until: float) -> bool:
    """Say whether a further draw could tell something new, and there is time for it."""
    counts = {draw.count for draw in done}
    new = counts != {0} and (len(counts) > 1 or len(done) < _PLENTY)
    return new and clock.monotonic() < until


def _opened() -> Opened:
    return Opened(_RUN, Scratch(), Past())
