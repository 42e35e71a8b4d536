"""Events of small runs, written short."""

from __future__ import annotations

from hocket.api import events
from hocket.api.calls import EndState, Usage
from hocket_plugins.views.progress.board import Board


def opened(name: str = "audit", phases: tuple[str, ...] = (), **budget: int) -> events.RunStarted:
    return events.RunStarted("4f2a", name, phases, 0, 16, **budget)


def asked(number: int, phase: str | None = "Audit", label: str | None = None) -> events.CallAsked:
    return events.CallAsked(number, label or f"file {number}", phase)


def started(number: int) -> events.CallStarted:
    return events.CallStarted(number)


def finished(
    number: int,
    phase: str | None = "Audit",
    state: EndState = EndState.OK,
    usage: Usage = Usage(output=100, cost_micros=20_000),  # noqa: B008  it is frozen
    *,
    replayed: bool = False,
) -> events.CallFinished:
    return events.CallFinished(number, f"file {number}", phase, state, None, usage, replayed)


def board(*heard: events.Event, now: float = 0.0) -> Board:
    shown = Board()
    for event in heard:
        shown.hear(event)
    shown.now = now
    return shown
