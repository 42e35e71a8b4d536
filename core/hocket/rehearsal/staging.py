"""Plays a prepared script once, on the real engine, in memory, with the agents it is given."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.events import CallAsked, CallFinished, Logged, PhaseEntered
from hocket.engine.ledger import Ledger
from hocket.engine.run import Run
from hocket.engine.services import Policies
from hocket.engine.slots import Slots
from hocket.estimate.dryrun import Anybody, Here
from hocket.estimate.jumping import JumpingClock, JumpingLoop
from hocket.estimate.scratch import Scratch, Unsynced
from hocket.journal.past import Past
from hocket.launch import wiring
from hocket.launch.opened import Opened
from hocket.launch.start import Company

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.events import Event
    from hocket.api.protocols import Backend
    from hocket.engine.plan import Ended
    from hocket.engine.services import Services
    from hocket.launch.prepare import Prepared

_RUN = "rehearsal"


@dataclass(slots=True)
class Played:
    """What a rehearsal came to."""

    ended: Ended
    calls: int = 0
    failed: int = 0
    over_cap: bool = False
    phases: list[str] = field(default_factory=list[str])
    """Every phase that was entered or named by a call, in order, each once."""
    warnings: list[str] = field(default_factory=list[str])


def play(prepared: Prepared, backend: Backend) -> Played:
    """Play it; policies do not judge, since nothing that an agent here does has an effect."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(_played(prepared, backend))


async def _played(prepared: Prepared, backend: Backend) -> Played:
    heard: list[Event] = []

    def tell(event: Event) -> None:
        heard.append(event)
        if isinstance(event, CallFinished) and event.state is EndState.OVER_CAP:
            run.leave("stopped", "cap")  # what comes after that is the same for ever

    prepared = replace(prepared, backend=backend)
    plan = replace(wiring.plan(_opened(), prepared), policies=())
    run = Run(plan, _services(prepared, tell))
    return _told(await run.live(), heard)


def _services(prepared: Prepared, tell: Callable[[Event], None]) -> Services:
    opened, clock, caps = _opened(), JumpingClock(), prepared.caps
    log = Unsynced(opened.held, clock, past=opened.past)
    company = Company(clock=clock, approver=Anybody(), policies=Policies())
    made = wiring.services(opened, prepared, company, log, tell)
    ledger = Ledger(cap=caps.at_once, total=caps.agents, tokens=None, micros=None)
    return replace(made, ledger=ledger, slots=Slots(ledger), executor=Here())


def _told(ended: Ended, heard: list[Event]) -> Played:
    phases = [event.title for event in heard if isinstance(event, PhaseEntered)]
    phases += [event.phase for event in heard if isinstance(event, CallAsked) and event.phase]
    finished = [event for event in heard if isinstance(event, CallFinished)]
    return Played(
        ended,
        calls=len(finished),
        failed=sum(event.state not in (EndState.OK, EndState.CACHED) for event in finished),
        over_cap=any(event.state is EndState.OVER_CAP for event in finished),
        phases=[*dict.fromkeys(phases)],
        warnings=[e.text for e in heard if isinstance(e, Logged) and e.level == "warn"],
    )


def _opened() -> Opened:
    return Opened(_RUN, Scratch(), Past())
