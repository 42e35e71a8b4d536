"""What the engine lends a backend, without an engine: to test a backend on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Submission, Usage
from hocket.testing.clock import JumpingClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from hocket.api.calls import Bound
    from hocket.api.clock import Clock


class ScriptedContext:
    """Complains as told, then accepts; remembers what a backend offered, spent and said.

    A complaint of None means that no try is left.
    """

    def __init__(
        self, complaints: Iterable[str | None] = (), *, clock: Clock | None = None, room: int = 0
    ) -> None:
        self._complaints = iter(complaints)
        self._clock = JumpingClock() if clock is None else clock
        self._room = room
        self.submitted: list[JsonValue] = []
        self.reminders = 0
        self.usage = Usage()
        self.said: list[str] = []

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self._clock

    async def submit(self, answer: JsonValue) -> Submission:
        """Remember the answer."""
        self.submitted.append(answer)
        return self._verdict(accepts=True)

    async def missing(self) -> Submission:
        """Count the reminder."""
        self.reminders += 1
        return self._verdict(accepts=False)

    def grow(self, bound: Bound) -> bool:
        """Grant as many output tokens as there is room for."""
        if bound.output > self._room:
            return False
        self._room -= bound.output
        return True

    def spend(self, usage: Usage) -> None:
        """Add it up."""
        self.usage += usage

    def progress(self, text: str) -> None:
        """Remember the text."""
        self.said.append(text)

    def _verdict(self, *, accepts: bool) -> Submission:
        for complaint in self._complaints:
            return Submission(accepted=False, complaint=complaint)
        return Submission(accepted=accepts)
