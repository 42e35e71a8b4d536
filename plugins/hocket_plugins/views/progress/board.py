"""The state of a run as a person wants to see it, built from its events."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api import events
from hocket.api.calls import COMMITTED, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.events import Event

_LOG_LINES = 1_000


@dataclass(slots=True)
class PhaseState:
    """The calls of one phase, counted."""

    title: str | None
    since: float
    changed: float
    asked: int = 0
    ended: int = 0
    failed: int = 0
    replayed: int = 0
    usage: Usage = Usage()
    running: dict[int, str] = field(default_factory=dict[int, str])
    """The labels of running calls by number; as many as there are slots at most."""

    @property
    def complete(self) -> bool:
        """Whether every call that was asked for has ended."""
        return self.ended == self.asked > 0


class Board:
    """Hears every event in a bounded amount of work, and remembers a bounded amount.

    `now` is set by whoever draws: reading the clock for each event would cost more than it.
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.since = now
        self.name = ""
        self.phases: dict[str | None, PhaseState] = {}
        self.state, self.cause = "running", ""
        self.budget_tokens: int | None = None
        self.budget_micros: int | None = None
        self.question: str | None = None
        self.finished = False
        self.changes = 0
        """Grows with every event that shows."""
        self.log: deque[tuple[str, str]] = deque()
        """Lines nobody has drawn yet, as (level, text)."""
        self.dropped = 0
        """Lines that were lost since the last ones were taken: nobody drew for too long."""
        self._asked: dict[int, str | None] = {}
        self._labels: dict[int, str] = {}
        self._heard: dict[type[Event], Callable[..., None]] = {
            events.RunStarted: self._started,
            events.PhaseEntered: self._entered,
            events.Logged: self._logged,
            events.CallAsked: self._call_asked,
            events.CallStarted: self._call_started,
            events.CallFinished: self._call_finished,
            events.Asked: self._question,
            events.Answered: self._answered,
            events.StateChanged: self._changed,
            events.RunFinished: self._run_finished,
        }
