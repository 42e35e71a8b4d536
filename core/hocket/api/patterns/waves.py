"""Waves: all calls that are certain to be needed at once, and what becomes of failed ones."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import Ask, PatternContext

    Envelope = dict[str, JsonValue]

WINDOW = 256
"""Calls that are open at once: as many as a run can have slots. A stop leaves the rest unasked."""
_UNASKED = {
    "budget": EndState.OVER_BUDGET,
    "cap": EndState.OVER_CAP,
    "max": EndState.OVER_CAP,
    "quota": EndState.QUOTA,
}


class Waves:
    """Asks in waves, counts every call, and knows when the run or `max_calls` gives no more."""

    def __init__(self, context: PatternContext, max_calls: int | None = None) -> None:
        self._context = context
        self._most = max_calls
        self.calls = 0
        self.census: Counter[str] = Counter()
        self.notes: list[str] = []
        self.stopped: str | None = None
        """`budget`, `cap`, `quota` or `max`: nothing is asked any more."""
        self.pruned = 0
        """Calls that were left out to keep the budget for what is worth more."""
        self._whole = True
        """Whether every inner pattern came to its end."""

    @property
    def left(self) -> int | None:
        """How many calls `max_calls` leaves; None without one."""
        return None if self._most is None else max(0, self._most - self.calls)

    async def ask(self, asks: Sequence[Ask]) -> list[Reply]:
        """Ask all of them, failed ones again from their spares; replies in the order of asks.

        After a stop the rest is not asked: its replies carry the state of the stop and no call.
        """
        replies: list[Reply | None] = [None] * len(asks)
        todo = [*range(len(asks))]
        while todo:
            answered = await self._round([asks[index] for index in todo])
            again: list[int] = []
            for index, reply in zip(todo, answered, strict=True):
                before = replies[index]
                replies[index] = reply if before is None else _after(before, reply)
                if self._asks_again(asks[index], reply):
                    again.append(index)
            todo = again
        return [reply for reply in replies if reply is not None]

    async def one(self, ask: Ask) -> Reply:
        """Ask a single question."""
        return (await self.ask([ask]))[0]

    async def pattern(self, name: str, arguments: Mapping[str, JsonValue]) -> Envelope:
        """Run another pattern within this one's bounds; what it says of itself counts here too."""
        told = await self._context.pattern(name, self._bounded(arguments))
        result: Envelope = told if isinstance(told, dict) else {"value": told}
        self._absorb(result)
        return result

    def note(self, text: str) -> None:
        """Say something about the result, once; the run's report prints it."""
        if text not in self.notes:
            self.notes.append(text)

    def envelope(
        self, result: Envelope, *, stopped: str | None = None, complete: bool = True,
        error: JsonValue = None,
    ) -> Envelope:  # fmt: skip
        """Put around a result what every pattern reports of itself."""
        why = self.stopped or stopped or ("budget" if self.pruned else None)
        left_out: Envelope = {"pruned": self.pruned} if self.pruned else {}
        if self.pruned:
            self.note(f"{self.pruned} calls were left out to keep the budget: they added the least")
        return {
            **result,
            "complete": complete and why is None and self._whole,
            "stopped": why,
            **left_out,
            "calls": self.calls,
            "census": {state.value: self.census[state] for state in EndState if self.census[state]},
            "notes": [*self.notes],
            "error": error,
        }

    def _asks_again(self, ask: Ask, reply: Reply) -> bool:
        if reply.ok or reply.pruned or not reply.call or self.stopped is not None:
            return False
        return ask.spares.take()

    async def _round(self, asks: Sequence[Ask]) -> list[Reply]:
        """Ask each once, in order; no more than a window of them is open at a time."""
        replies: list[Reply] = [Reply(state=EndState.CANCELLED)] * len(asks)
        window = asyncio.Semaphore(WINDOW)

        async def ask(index: int) -> None:
            try:
                replies[index] = self._count(asks[index], await self._context.attempt(asks[index]))
            finally:
                window.release()

        async with asyncio.TaskGroup() as group:
            for index in range(len(asks)):
                await window.acquire()
                if self._may_ask():
                    self.calls += 1
                    group.create_task(ask(index))
                else:
                    replies[index] = Reply(state=_UNASKED[self.stopped or "max"], cause="not asked")
                    window.release()
        return replies

    def _may_ask(self) -> bool:
        if self.stopped is None and self.left == 0:
            self.stopped = "max"
        return self.stopped is None

    def _count(self, ask: Ask, reply: Reply) -> Reply:
        """Count a call, and the spares that an earlier life of the run used up for it."""
        self.calls += len(reply.failed)
        ask.spares.left -= len(reply.failed)
        self.census.update([reply.state.value, *(state.value for state in reply.failed)])
        self.stopped = self.stopped or reply.stop
        self.pruned += reply.pruned
        return reply

    def _bounded(self, arguments: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """Give an inner pattern no more calls than are left here."""
        if self.left is None:
            return arguments
        own = arguments.get("max_calls")
        most = min(own, self.left) if isinstance(own, int) else self.left
        return {**arguments, "max_calls": max(1, most)}

    def _absorb(self, result: Envelope) -> None:
        """Count what an inner pattern did; it stops this one only where nobody can ask more."""
        calls, census, notes = (result.get(name) for name in ("calls", "census", "notes"))
        self.calls += calls if isinstance(calls, int) else 0
        for state, count in census.items() if isinstance(census, dict) else ():
            self.census[state] += count if isinstance(count, int) else 0
        for text in notes if isinstance(notes, list) else ():
            self.note(str(text))
        pruned, stopped = result.get("pruned"), result.get("stopped")
        self.pruned += pruned if isinstance(pruned, int) else 0
        self._whole = self._whole and result.get("complete") is not False
        ended = stopped in {"cap", "quota"} or (stopped == "budget" and not pruned)
        if ended or (stopped == "max" and self.left == 0):
            self.stopped = self.stopped or str(stopped)


def _after(before: Reply, reply: Reply) -> Reply:
    """Join a spare to what it stands in for; one that was never asked leaves that as it was."""
    if not reply.call:
        return before
    return replace(reply, failed=(*before.failed, before.state, *reply.failed))
