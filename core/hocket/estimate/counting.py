"""Patterns in a dry run: they run as they are, and what they say of their calls is written down."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, cast

from hocket.estimate.branching import Nowhere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import Ask, CallCount, Pattern, PatternContext, Reply
    from hocket.estimate.tally import Draw

_inside: ContextVar[bool] = ContextVar("inside", default=False)
_PASSED: Mapping[str, JsonValue] = {
    **dict.fromkeys(("quote_in_source", "numbers_match", "dates_match"), "ok"),
    "citations": [],
}
"""Screens that no made-up text would pass."""


class Counted:
    """A pattern, and the draw that it is part of."""

    def __init__(self, pattern: Pattern, draw: Draw) -> None:
        self._pattern, self._draw = pattern, draw
        self.name, self.version = pattern.name, pattern.version
        self.arguments = pattern.arguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Run it; what it calls is counted where nobody else has started it."""
        lent = cast("PatternContext", Lent(context, self._draw))
        if _inside.get():
            return await self._pattern.run(lent, arguments)
        said = self.calls(arguments)
        self._draw.expected += said.expected
        self._draw.worst += said.worst
        mark = _inside.set(True)
        try:
            return await self._pattern.run(lent, arguments)
        finally:
            _inside.reset(mark)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the number of calls."""
        return self._pattern.calls(arguments)


class Lent:
    """What a pattern works with; no command runs, and made-up texts pass their screens."""

    def __init__(self, context: PatternContext, draw: Draw) -> None:
        self._context, self._draw = context, draw

    async def attempt(self, ask: Ask) -> Reply:
        """Ask for an agent, and count it."""
        self._draw.inside += 1
        return await self._context.attempt(ask)

    async def screen(self, name: str, item: JsonValue) -> JsonValue:
        """Run the one screen that only tells texts apart; let the others pass."""
        if name == "text_key":
            return await self._context.screen(name, item)
        return _PASSED.get(name, "ok")

    def branch(self, base: str, name: str | None = None) -> Nowhere:  # noqa: ARG002
        """Open a branch that is nowhere."""
        return Nowhere()

    def __getattr__(self, name: str) -> object:
        """Give everything else as it is."""
        return getattr(self._context, name)
