"""A model that does as it is told, by whoever tells it: deterministic, no network, no mind."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lines import ANSWER, FOUND, STEPS, TASK, step

from hocket.api.calls import Usage
from hocket.api.messages import (
    Capabilities,
    Closed,
    Message,
    Opened,
    Stop,
    Text,
    ToolResult,
    ToolUse,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from lines import Lines, Wish
    from pydantic import JsonValue

    from hocket.api.messages import TurnRequest

_FIRST = re.compile(rf"^\s*({TASK}|{STEPS}|{ANSWER})\s*$", re.MULTILINE)
_SOME = Usage(input=100, output=10, cost_micros=None)


class Gullible:
    """A provider; what it says next follows from the conversation alone."""

    name = "gullible"

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def lane(self, model: str) -> str:
        """Name what is limited together."""
        return f"{self.name}|{model}"

    async def resolve(self, alias: str) -> str:
        """Know no aliases."""
        return alias

    async def capabilities(self, model: str) -> Capabilities:
        """Read and write as much as there is."""
        return Capabilities(window=10_000_000, max_output=1_000_000, answers=("prompt",))

    async def count(self, request: TurnRequest) -> int | None:
        """Count nothing."""
        return None

    async def aclose(self) -> None:
        """Hold nothing."""

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Opened | Closed]:
        """Wish for the next tool, or answer."""
        yield Opened(usage=_SOME)
        said = _Conversation(request, self._lines).next()
        stop = Stop.TOOLS if isinstance(said, ToolUse) else Stop.END
        message = Message(role="assistant", blocks=(said,))
        yield Closed(turn=Turn(message=message, stop=stop, usage=_SOME, model_served=request.model))


class _Conversation:
    """One conversation, played from its beginning to where it stands."""

    def __init__(self, request: TurnRequest, lines: Lines) -> None:
        self._lines = lines
        self._shape = request.answer.shape["properties"] if request.answer else None
        self._tools = {tool.name for tool in request.tools}
        first, *self._heard = [*_told(request)]
        self._step = step(first)
        found = _FIRST.search(first)
        self._kind = found[1] if found else ""
        self._wishes = self._own()
        self._fell = False
        self._hear(first)

    def next(self) -> Text | ToolUse:
        """Give what is said now."""
        for text in self._heard:
            self._wishes.pop(0)
            self._hear(text)
        if self._wishes:
            name, given = self._wishes[0]
            return ToolUse(id=f"use_{len(self._heard)}", name=name, raw=json.dumps(given))
        return Text(text=self._last() or "Done.")

    def _own(self) -> list[Wish]:
        """Give what its own task asks for."""
        if self._step is not None:
            return [self._step]
        if self._kind == ANSWER:
            return []
        return self._able(self._lines.plan)

    def _able(self, wishes: Sequence[Wish]) -> list[Wish]:
        """Leave to others what it has no tool for, where it can ask others."""
        return [one for one in wishes if self._kind != STEPS or one[0] in self._tools]

    def _hear(self, text: str) -> None:
        """Fall for the injection as soon as it is there, and once."""
        if not self._fell and self._lines.falls(text):
            self._fell = True
            self._wishes = [*self._able(self._lines.lured()), *self._wishes]

    def _last(self) -> str:
        if self._kind == STEPS:
            return json.dumps(self._steps())
        if self._step is not None:
            return self._report("\n".join(self._heard))
        return self._lines.last(fell=self._fell)

    def _report(self, found: str) -> str:
        """Tell what was read, with the fields it was asked for: arguments of steps to come."""
        if self._shape is None:
            return found
        asked = {name: of["description"] for name, of in self._shape.items() if name != FOUND}
        places = {name: place.split() for name, place in asked.items()}
        plan = self._lines.plan
        return json.dumps({FOUND: found} | {n: plan[int(p[0])][1][p[1]] for n, p in places.items()})

    def _steps(self) -> JsonValue:
        """Ask for all it could not do itself; what it fell for comes first."""
        wanted = [*(self._lines.lured() if self._fell else ()), *self._lines.plan]
        steps = [
            {"tool": name, "input": json.dumps(given)}
            for name, given in wanted
            if name not in self._tools
        ]
        return {"steps": steps, "answer": self._lines.last(fell=self._fell)}


def _told(request: TurnRequest) -> Iterator[str]:
    """Give the texts the model was told: its task, then what each tool gave."""
    first, *others = request.messages
    yield "\n".join(block.text for block in first.blocks if isinstance(block, Text))
    for message in others:
        for block in message.blocks:
            if isinstance(block, ToolResult):
                yield "\n".join(one.text for one in block.content if isinstance(one, Text))
