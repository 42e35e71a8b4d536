"""Events of small runs, written short."""

from __future__ import annotations

import pytest

from hocket.api import events
from hocket.api.calls import EndState, Usage
from hocket_plugins.views.progress.board import Board

USED = Usage(output=100, cost_micros=20_000)


class Story:
    """Makes events, and boards that heard them."""

    def opened(self, name: str = "audit", *phases: str, **budget: int) -> events.RunStarted:
        return events.RunStarted("4f2a", name, phases, 0, 16, **budget)

    def asked(self, number: int, phase: str | None = "Audit", label: str = "") -> events.CallAsked:
        return events.CallAsked(number, label or f"file {number}", phase)

    def finished(
        self,
        number: int,
        phase: str | None = "Audit",
        state: EndState = EndState.OK,
        usage: Usage = USED,
        *,
        replayed: bool = False,
    ) -> events.CallFinished:
        label = f"file {number}"
        return events.CallFinished(number, label, phase, state, None, usage, replayed)

    def calls(self, count: int, ended: int, phase: str = "Audit") -> list[events.Event]:
        """Tell of calls that were asked for and started, and of some that ended."""
        asked = [self.asked(number, phase) for number in range(count)]
        started = [events.CallStarted(number) for number in range(count)]
        return [*asked, *started, *(self.finished(number, phase) for number in range(ended))]

    def board(self, *heard: events.Event, now: float = 0.0) -> Board:
        board = Board()
        for event in heard:
            board.hear(event)
        board.now = now
        return board


@pytest.fixture
def story() -> Story:
    return Story()
