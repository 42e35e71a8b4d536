"""What an earlier life of a call went through, to be gone through again at no cost."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from hocket.api.messages import Message, Stop, Text, ToolResult, Turn
from hocket.api.tools import ACTING
from hocket_plugins.backends.agent_loop.counts import read_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.messages import ToolUse

    Line = Mapping[str, JsonValue]


@dataclass(slots=True)
class Shortening:
    """How the conversation was made shorter after a turn."""

    how: str
    forced: bool
    text: str


@dataclass(slots=True)
class Step:
    """One complete turn, and what came of it."""

    turn: Turn
    asked: int
    """The output tokens it was allowed."""
    results: dict[str, ToolResult] = field(default_factory=dict[str, ToolResult])
    shortened: list[Shortening] = field(default_factory=list[Shortening])


class Recall:
    """The complete turns of an earlier life; without any the call begins at its beginning."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._steps: deque[Step] = deque()
        self._asked = 0
        self.begin: Line = {}
        """What was written down when the call began: model, mode, tools."""
        self.first = ""
        """The task as it was sent."""
        self.acted: dict[str, None] = {}
        """Tools with effects that were started: they may have run."""
        self.batch: Line = {}
        """Where the reply to the turn that was cut off may be collected."""
        self.current: Step | None = None
        """The turn that is gone through again."""
        for line in lines:
            self._read(line)
        self.turns = len(self._steps)
        self.why = ""
        """Why it was given up."""

    @property
    def goes_on(self) -> bool:
        """Whether another complete turn follows."""
        return bool(self._steps)

    @property
    def mode(self) -> str | None:
        """How the answer was asked for; it is never changed within a call."""
        kind = self.begin.get("answer")
        return kind if isinstance(kind, str) else None

    @property
    def is_new(self) -> bool:
        """Whether there was no earlier life."""
        return not (self.begin or self.acted or self.why)

    def next(self) -> Step | None:
        """Give the next complete turn, or None when a new one has to be taken."""
        self.current = self._steps.popleft() if self._steps else None
        return self.current

    def results(self, uses: Sequence[ToolUse]) -> dict[str, ToolResult] | None:
        """Give the results of a turn's uses, if all of them were written down."""
        known = self.current.results if self.current is not None else {}
        return known if known and all(use.id in known for use in uses) else None

    def forgotten(self, why: str) -> Recall:
        """Give up the turns: the call starts again, and only knows that something may have run."""
        if self.is_new:
            return self
        again = Recall()
        again.acted, again.why = self.acted, why
        return again

    def _read(self, line: Line) -> None:
        match line.get("t"):
            case "call":
                self.begin = line
            case "cut_off":
                tools = line.get("tools")
                self.acted |= dict.fromkeys(map(str, tools if isinstance(tools, list) else ()))
            case "tool_start":
                self._started(line)
            case "turn":
                self._asked = _whole(line.get("max_tokens"))
            case "message":
                self._said(line)
            case "compaction" if self._steps:
                shorter = Shortening(
                    str(line.get("how")), bool(line.get("forced")), str(line.get("text"))
                )
                self._steps[-1].shortened.append(shorter)
            case "batch":
                self.batch = line
            case _:
                pass

    def _started(self, line: Line) -> None:
        had = line.get("effects")
        if isinstance(had, list) and {effect.value for effect in ACTING} & set(map(str, had)):
            self.acted[str(line.get("tool"))] = None

    def _said(self, line: Line) -> None:
        """Take a message; raises pydantic's ValidationError for what is none."""
        message = Message.model_validate({name: line.get(name) for name in ("role", "blocks")})
        if message.role == "assistant":
            counts = cast("Line", line.get("usage") or {})
            turn = Turn(message=message, stop=Stop(str(line["stop"])), usage=read_counts(counts))
            self._steps.append(Step(turn, self._asked))
            self.batch = {}
        elif self._steps:
            results = [block for block in message.blocks if isinstance(block, ToolResult)]
            self._steps[-1].results.update({one.use_id: one for one in results})
        else:
            self.first = "".join(b.text for b in message.blocks if isinstance(b, Text))


def recalled(lines: Sequence[Line]) -> Recall:
    """Read the lines of an earlier life; what another version wrote otherwise is given up."""
    try:
        return Recall(lines)
    except (ValueError, KeyError):
        return Recall(line for line in lines if line.get("t") in {"tool_start", "cut_off"})


def _whole(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0
