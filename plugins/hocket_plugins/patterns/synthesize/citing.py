"""Sentences that nothing carries: asked for once more, then cut and listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext

TEXTS = ("report", "text", "answer")
"""Fields of an answer with a schema, of which the first that there is holds its text."""
_FAR = 1 << 40
"""Beyond the end of every text."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that nothing carries."""

    sentence: int
    start: int
    end: int
    why: str


@dataclass(slots=True)
class Draft:
    """An answer, its text, and what a screen found in it."""

    answer: JsonValue
    text: str
    faults: list[Fault] = field(default_factory=list[Fault])
    uncited: list[JsonValue] = field(default_factory=list["JsonValue"])

    def wrong(self, context: PatternContext) -> list[tuple[str, str]]:
        """Its sentences that nothing carries, and why."""
        return [(str(self._alone(context, each)), each.why) for each in self.faults]

    def without_faults(self, context: PatternContext) -> JsonValue:
        """Cut these sentences out of the answer."""
        text = context.cut(self.text, [(each.start, each.end) for each in self.faults])
        return {**self.answer, _field(self.answer): text} if isinstance(self.answer, dict) else text

    def _alone(self, context: PatternContext, fault: Fault) -> JsonValue:
        """Give a sentence by itself; of a text that nobody may read here it is a handle."""
        return context.cut(self.text, [(0, fault.start), (fault.end, _FAR)])


async def screened(context: PatternContext, answer: JsonValue, cite: list[JsonValue]) -> Draft:
    """Hold an answer against what it cites."""
    text = answer.get(_field(answer)) if isinstance(answer, dict) else answer
    draft = Draft(answer, text if isinstance(text, str) else "")
    told = await context.screen("citations", {"text": draft.text, "cite": cite})
    found = told if isinstance(told, dict) else {}
    wrong, uncited = found.get("wrong"), found.get("uncited")
    draft.faults = [_fault(each) for each in (wrong if isinstance(wrong, list) else [])]
    draft.uncited = uncited if isinstance(uncited, list) else []
    return draft


def _field(answer: dict[str, JsonValue]) -> str:
    return next((name for name in TEXTS if isinstance(answer.get(name), str)), TEXTS[0])


def _fault(told: JsonValue) -> Fault:
    each = told if isinstance(told, dict) else {}
    sentence, start, end = (
        value if isinstance(value := each.get(name), int) else 0
        for name in ("sentence", "start", "end")
    )
    return Fault(sentence, start, end, str(each.get("why")))
