"""The state of a run as a person wants to see it, built from its events."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api import events
from hocket.api.calls import COMMITTED
from hocket.api.inert import visible

if TYPE_CHECKING:
    from hocket.api.calls import Usage
    from hocket.api.events import Event

LOG_LINES = 1_000
_TITLE = 120


@dataclass(slots=True)
class Tally:
    """Calls, counted: of one phase, or of the run."""

    title: str
    since: float
    asked: int = 0
    ended: int = 0
    failed: int = 0
    cached: int = 0
    tokens: int = 0
    micros: int | None = 0
    changed: float = 0.0
    running: dict[int, str] = field(default_factory=dict[int, str])
    """Labels of running calls by number; as many as there are slots at most."""

    @property
    def complete(self) -> bool:
        """Whether every call that was asked for has ended."""
        return self.ended == self.asked

    def spend(self, usage: Usage) -> None:
        """Add what a call used; one unknown price makes the sum unknown."""
        self.tokens += usage.output
        known = self.micros is not None and usage.cost_micros is not None
        self.micros = (self.micros or 0) + (usage.cost_micros or 0) if known else None


class Board:
    """Hears every event in a bounded amount of work, and keeps a bounded amount for each call.

    `now` is set by whoever draws: a clock read per event would cost more than the event.
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.run = Tally("", now)
        self.phases: dict[str | None, Tally] = {}
        self.state, self.cause = "running", ""
        self.budget_tokens: int | None = None
        self.budget_micros: int | None = None
        self.questions: dict[str, str] = {}
        """Texts of questions that wait for a person."""
        self.changes = 0
        """Grows with every event that shows."""
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._dropped = 0
        self._waiting: dict[int, events.CallAsked] = {}

    def hear(self, event: Event) -> None:
        """Take one event; signs of life of single calls show nothing here."""
        if isinstance(event, events.CallProgress):
            return
        self.changes += 1
        match event:
            case events.CallAsked():
                self._asked(event)
            case events.CallStarted():
                self._started(event)
            case events.CallFinished():
                self._finished(event)
            case events.Logged():
                self._logged(event)
            case _:
                self._about_the_run(event)

    def lines(self) -> list[str]:
        """Take the log lines nobody took yet, and say how many were lost."""
        lost = [f"… {self._dropped:,} lines were too many to show"] if self._dropped else []
        taken = [*lost, *self._log]
        self._log.clear()
        self._dropped = 0
        return taken

    def _asked(self, event: events.CallAsked) -> None:
        self._waiting[event.number] = event
        for tally in (self.run, self._phase(event.phase)):
            tally.asked += 1

    def _started(self, event: events.CallStarted) -> None:
        asked = self._waiting.pop(event.number, None)
        if asked is not None:
            self._phase(asked.phase).running[event.number] = asked.label
            self.run.running[event.number] = asked.label

    def _finished(self, event: events.CallFinished) -> None:
        known = self._waiting.pop(event.number, None) or event.number in self.run.running
        for tally in (self.run, self._phase(event.phase)):
            tally.running.pop(event.number, None)
            tally.asked += not known  # what the journal answers was never asked for aloud
            tally.ended += 1
            tally.failed += event.state not in COMMITTED
            tally.cached += event.replayed
            tally.changed = self.now
            tally.spend(event.usage)

    def _logged(self, event: events.Logged) -> None:
        self._dropped += len(self._log) == LOG_LINES
        mark = "" if event.level == "info" else f"{event.level}: "
        self._log.append(mark + visible(event.text))

    def _about_the_run(self, event: Event) -> None:
        match event:
            case events.RunStarted():
                self._opened(event)
            case events.PhaseEntered():
                self._phase(event.title)
            case events.StateChanged():
                self.state, self.cause = event.state, visible(event.cause or "")
            case events.Asked():
                self.questions[event.question_id] = visible(event.text)
            case events.Answered():
                self.questions.pop(event.question_id, None)
            case _:
                pass

    def _opened(self, event: events.RunStarted) -> None:
        self.run.title = visible(event.name)[:_TITLE]
        self.budget_tokens, self.budget_micros = event.budget_tokens, event.budget_micros
        for title in event.phases:
            self._phase(title)

    def _phase(self, title: str | None) -> Tally:
        tally = self.phases.get(title)
        if tally is None:
            shown = "no phase" if title is None else visible(title)[:_TITLE]
            tally = self.phases[title] = Tally(shown, self.now)
        if not tally.asked:
            tally.since = self.now
        return tally
