"""Offers answers to the engine, which judges and counts them, and passes its words on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Outcome
from hocket.api.messages import Text, ToolResult
from hocket_plugins.backends.agent_loop import answer, nudges
from hocket_plugins.backends.agent_loop.ends import End, ended
from hocket_plugins.backends.agent_loop.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.calls import JsonObject, Submission
    from hocket.api.messages import AnswerMode, ToolUse
    from hocket.api.protocols import CallContext
    from hocket_plugins.backends.agent_loop.transcript import Transcript

REMINDERS = 2
"""From this reminder on the answer tool is forced."""


class Offers:
    """The answers of one call."""

    def __init__(
        self, context: CallContext, mode: AnswerMode | None, transcript: Transcript
    ) -> None:
        self._context = context
        self._mode = mode
        self._transcript = transcript
        self._by_tool = mode is not None and mode.kind in {"tool", "generic"}
        self._reminders = 0
        self._repeats = Repeats()
        self.object: JsonObject | None = None
        """The last object that was offered."""

    @property
    def insists(self) -> bool:
        """Whether the model ignored a reminder already."""
        return self._reminders >= REMINDERS

    def is_answer(self, use: ToolUse) -> bool:
        """Say whether a tool use is the answer."""
        return self._by_tool and use.name == answer.ANSWER

    async def text(self, text: str) -> str:
        """Offer a final text; gives what to say to the model, raises End when all is said."""
        value = self._read(text)
        if value is None:
            self._reminders += 1
            return self._heard(await self._context.missing(), text)
        return self._heard(await self._context.submit(value), value)

    async def uses(self, uses: Sequence[ToolUse]) -> dict[str, ToolResult]:
        """Offer the answer of a turn; gives the results that tell the model what is wrong."""
        results: dict[str, ToolResult] = {}
        for number, use in enumerate(uses):
            words = nudges.ONE_ANSWER if number else await self._use(use)
            content = (Text(text=words),)
            results[use.id] = ToolResult(use_id=use.id, content=content, is_error=True)
        return results

    async def last(self, text: str, uses: Sequence[ToolUse]) -> None:
        """Offer what the last turn gave, if that is anything; raises End when it is taken."""
        value = self._last(text, uses)
        if value is None:
            return
        said = await self._context.submit(value)
        self._transcript.answer(said)
        if said.accepted:
            raise End(Outcome(EndState.OK, value))

    async def _use(self, use: ToolUse) -> str:
        try:
            value = answer.parsed(use.raw)
        except ValueError as wrong:
            self._repeats.bad()
            return nudges.not_an_object(str(wrong))
        self.object = value
        return self._heard(await self._context.submit(value), value)

    def _read(self, text: str) -> JsonValue:
        """Read an answer out of a final text; None where there is none."""
        if self._mode is None:
            return text
        if self._by_tool or not text.strip():
            return None
        value = answer.from_text(text)
        if isinstance(value, dict):
            self.object = value
        return value

    def _last(self, text: str, uses: Sequence[ToolUse]) -> JsonValue:
        for use in uses:
            if self.is_answer(use):
                try:
                    self.object = answer.parsed(use.raw)
                except ValueError:
                    return None
                return self.object
        # Who still wants a tool has not answered yet.
        return self._read(text) if text.strip() and not uses else None

    def _heard(self, said: Submission, value: JsonValue) -> str:
        self._transcript.answer(said)
        if said.accepted:
            raise End(Outcome(EndState.OK, value))
        if said.complaint is None:
            raise ended(EndState.INVALID, "no answer was accepted", value)
        return said.complaint
