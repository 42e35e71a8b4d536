"""Run a pattern alone: no engine, no journal, a few microseconds a call; for long simulations."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.api.patterns.templates import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pydantic import JsonValue

    from hocket.api.branches import Branch
    from hocket.api.patterns.context import Ask, Pattern

    Answers = Callable[[Ask], JsonValue | Reply]
    Screens = Callable[[str, JsonValue], JsonValue]


@dataclass(slots=True)
class Played:
    """What a pattern gave, what it asked for in order, and what it told."""

    result: dict[str, JsonValue] = field(default_factory=dict[str, "JsonValue"])
    asks: list[Ask] = field(default_factory=list["Ask"])
    notes: list[str] = field(default_factory=list[str])


class PatternStage:
    """Lends a pattern what the engine would; every call is answered by one function.

    What that gives is an answer, unless it is a `Reply`. `fails(state)` makes a failed one.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        patterns: Iterable[Pattern] = (),
        screens: Screens | None = None,
        args: JsonValue = None,
    ) -> None:
        self.played = Played()
        self.seed = 0
        self.args = args
        self._answers = answers
        self._screens = screens
        self._patterns = {pattern.name: pattern for pattern in patterns}

    async def attempt(self, ask: Ask) -> Reply:
        """Answer at once."""
        self.played.asks.append(ask)
        answer = self._answers(ask)
        if isinstance(answer, Reply):
            return answer
        return Reply(state=EndState.OK, value=answer, call=str(len(self.played.asks)))

    def asked(self, calls: Collection[str]) -> Mapping[str, Ask]:
        """Give what was asked here, by number from 1."""
        numbered = enumerate(self.played.asks, 1)
        return {str(number): ask for number, ask in numbered if str(number) in calls}

    async def pattern(self, name: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Run another of the patterns given."""
        pattern = self._patterns[name]
        before, self.seed = self.seed, seed(pattern, arguments)
        try:
            return await pattern.run(self, pattern.arguments.model_validate({**arguments}))
        finally:
            self.seed = before

    async def screen(self, name: str, item: JsonValue) -> JsonValue:
        """Ask the screens given, or hocket's own."""
        if self._screens is not None:
            return self._screens(name, item)
        from hocket.screens.table import run  # noqa: PLC0415  (most patterns need none)

        return run(name, item, lambda _source: None)

    def cut(self, text: JsonValue, spans: Sequence[tuple[int, int]]) -> JsonValue:
        """Take pieces out of a text."""
        if not isinstance(text, str):
            return text
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + text[end:]
        return text.strip()

    def branch(self, base: str, name: str | None = None) -> AbstractAsyncContextManager[Branch]:
        """Refuse: branches need a repository, so run the script that integrates."""
        raise NotImplementedError(f"a branch at {base} ({name}) needs a run: use run_script")

    def note(self, text: str) -> None:
        """Remember it."""
        self.played.notes.append(text)


def run_pattern(
    pattern: Pattern,
    arguments: Mapping[str, JsonValue],
    answers: Answers,
    *,
    patterns: Iterable[Pattern] = (),
    screens: Screens | None = None,
    args: JsonValue = None,
) -> Played:
    """Run one pattern to its result; TypeError and ValidationError are the pattern's own."""
    stage = PatternStage(answers, patterns=(pattern, *patterns), screens=screens, args=args)
    told = asyncio.run(stage.pattern(pattern.name, arguments))
    stage.played.result = told if isinstance(told, dict) else {"value": told}
    return stage.played


def fails(state: EndState = EndState.ERROR, *, stop: str | None = None, call: str = "1") -> Reply:
    """Make the reply of a call that failed; `stop` says that the run can give no more."""
    return Reply(state=state, cause="scripted", call=call, stop=stop)


def seed(pattern: Pattern, arguments: Mapping[str, JsonValue]) -> int:
    """Give a seed that depends on pattern, version and arguments alone."""
    named = canonical([pattern.name, pattern.version, {**arguments}])
    return int(hashlib.sha256(named.encode()).hexdigest()[:16], 16)
