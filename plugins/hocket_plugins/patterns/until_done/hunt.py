"""The hunt: waves of finders, what they report told apart, and what is new checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.grouping import keyed, same_by_readers, text_keys
from hocket_plugins.patterns.until_done.catch import SUPPORTED, Catch
from hocket_plugins.patterns.until_done.finder import Finders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext, Reply
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.until_done.catch import Find
    from hocket_plugins.patterns.until_done.search import Search


class Hunt:
    """Finders so far, and what became of what they found."""

    def __init__(self, context: PatternContext, waves: Waves, search: Search) -> None:
        self.catch = Catch()
        self.asked = 0
        self.silent = 0
        """Waves at the end in which no finder answered."""
        self.dry = 0
        """Waves at the end that brought nothing new."""
        self.spent: int | None = 0
        """Millionths of a dollar for the answers of finders; None when no price is known."""
        self.unchecked: str | None = None
        """What left finds without a check."""
        self.is_checked = True
        """Whether all checks came to their end."""
        self._measured: dict[str, JsonValue] = {}
        self._finders = Finders(context, search)
        self._context = context
        self._waves = waves
        self._search = search

    async def wave(self, size: int, worth: float | None) -> None:
        """Send finders; what they find is told apart and checked before the next ones go."""
        numbers = range(self.asked, self.asked + size)
        asks = [self._finders.ask(number, self.catch.finds, worth) for number in numbers]
        replies = await self._waves.ask(asks)
        self.asked += size
        known, counted = len(self.catch.finds), len(self.catch.supported)
        for number, reply in zip(numbers, replies, strict=True):
            await self._report(number, reply)
        await self._tell_apart(known)
        await self._check(self.catch.finds[known:])
        answered = any(reply.ok for reply in replies)
        self.silent = 0 if answered else self.silent + 1
        self.dry = 0 if len(self.catch.supported) > counted else self.dry + answered

    async def _report(self, number: int, reply: Reply) -> None:
        """Count what a finder that answered gave; a failed one was never there."""
        if not reply.ok:
            return
        self.catch.finders.append(number)
        cost = reply.usage.cost_micros
        self.spent = None if cost is None or self.spent is None else self.spent + cost
        rows = reply.value.get(self._search.find) if isinstance(reply.value, dict) else None
        items = [row for row in rows if row is not None] if isinstance(rows, list) else []
        items = items[: self._search.most]
        keys = await text_keys(self._context, [keyed(it, self._search.key) for it in items])
        for key, item in zip(keys, items, strict=True):
            self.catch.add(number, key, item)

    async def _tell_apart(self, known: int) -> None:
        if self._search.same is None or len(self.catch.finds) == known:
            return
        values = [find.value for find in self.catch.finds]
        options = self._search.options("read", tools=[])
        first = await same_by_readers(self._waves, values, self._search.same, options, known=known)
        self.catch.merge([*range(known), *first[known:]])

    async def _check(self, new: Sequence[Find]) -> None:
        if self._search.verify is None:
            for find in new:
                find.state = SUPPORTED
            return
        if not new:
            return
        if self._waves.stopped or self._waves.left == 0:
            self.unchecked = self._waves.stopped or "max"
            for find in new:
                find.cause = self.unchecked
            return
        checks = self._search.checks([find.value for find in new], **self._measured)
        told = await self._waves.pattern("verify", checks)
        _settle(new, told.get("verdicts"))
        self.is_checked = self.is_checked and told.get("complete") is not False
        if self._search.verify.get("controls"):
            self._measured = self._measured or _measured(told.get("error"))


def _measured(error: JsonValue) -> dict[str, JsonValue]:
    """Read how voters err, as `verify` takes it; the first wave of checks says it for all."""
    told = error if isinstance(error, dict) else {}
    p, rho = told.get("p"), told.get("rho")
    if isinstance(p, int | float) and isinstance(rho, int | float) and 0 < p < 1 / 2 and rho < 1:
        return {"p": p, "rho": max(rho, 0)}
    return {}


def _settle(finds: Sequence[Find], verdicts: JsonValue) -> None:
    """Write down what the checks say; what they say nothing of stays unverified."""
    for verdict in verdicts if isinstance(verdicts, list) else []:
        told = verdict if isinstance(verdict, dict) else {}
        index = told.get("index")
        if isinstance(index, int) and 0 <= index < len(finds):
            finds[index].state = str(told.get("state"))
            finds[index].cause = told.get("cause")
