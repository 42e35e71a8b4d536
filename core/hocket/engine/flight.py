"""A call that is waiting or running: who waits for it, and what a person decided about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hocket.api.calls import EndState, Outcome
from hocket.engine.tallies import UNCOUNTED, Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.calls import Call
    from hocket.api.scripts import Spent


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to whoever asked: the call, what it came to, and the ledger's totals."""

    call: Call
    outcome: Outcome
    spent: Spent


def _not_queued() -> None:
    """Stand in for the beginning of a flight that is not queued yet."""


class Receiver(Protocol):
    """Who asked for a call: a script's host call, or a pattern."""

    def replayed(self, record: int, load: Callable[[], Answer | None]) -> None:
        """Take a committed answer; `load` gives None when its value is lost and it runs again."""
        ...

    def finished(self, answer: Answer) -> None:
        """Take an answer that was committed just now."""
        ...


@dataclass(slots=True)
class Flight:
    """One live call between being asked for and being committed."""

    call: Call
    receivers: list[Receiver] = field(default_factory=list[Receiver])
    tally: Tally = UNCOUNTED
    """Of the script that asked; what its agent asks for counts for that one."""
    begin: Callable[[], None] = _not_queued
    """Called once a slot has been taken for it."""
    task: asyncio.Task[None] | None = None
    begun: bool = False
    """A task that is cancelled before its first step never runs, so it is not cancelled then."""
    decided: Outcome | None = None
    again: bool = False

    def decide(self, state: EndState, cause: str) -> None:
        """End it in a person's or the run's name; what it was doing is cancelled."""
        self.decided = Outcome(state, cause=cause)
        if self.task is not None and self.begun:
            self.task.cancel()

    def restart(self) -> None:
        """Throw away what it was doing and begin again."""
        if self.task is not None and self.begun:
            self.again = True
            self.task.cancel()

    def caught(self) -> bool:
        """Say whether a cancellation was meant for this call alone, and take it back if so."""
        task = asyncio.current_task()
        if task is None or (self.decided is None and not self.again):
            return False
        task.uncancel()
        return True


def sentence(outcome: Outcome) -> str:
    """Give the text of the AgentError: `<state>: <cause>`."""
    return f"{outcome.state}: {outcome.cause or 'no cause known'}"
