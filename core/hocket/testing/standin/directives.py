"""Orders in a prompt, so that any client can steer the stand-in: `id=17; lat=120; fault=429:2;`.

| order | meaning |
|---|---|
| `id=17` | the name of the call in log, stats and `fault=…:k` |
| `lat=120` `first=1000` | ms until the reply ends, until it begins |
| `drip=50` | ms before each piece of the reply |
| `size=20000` | characters of text |
| `answer={…}` | the answer: input of the answer tool, else text; JSON, or text up to the `;` |
| `tool=Read{"path": "a"}` | a tool use, several make one turn; broken JSON is sent as it is |
| `turns=17` | so many turns of these tool uses before the text |
| `think=200` | characters of thinking |
| `stop=refusal` | the stop reason |
| `usage={"output_tokens": -1}` `usage=none` | other counts than the true ones, or none |
| `fault=429:2` | a fault on the first two calls of the id (see `faults`) |
| `after=900` `cut=100` | the fault's retry-after in seconds; after how many bytes it cuts |
| `then;` | what follows belongs to the next turn; the last turn stays |
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hocket.testing.standin.replies import Answered, Fault, Reply, Thought, Used

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

_ORDER = re.compile(
    r"(?<![\w.$=-])(?:(?P<then>then);|(?P<long>tool|answer|usage)="
    r"|(?P<short>id|lat|first|drip|size|turns|think|stop|fault|after|cut)=(?P<value>[^\s;]*)(?:;|$))",
    re.MULTILINE,
)
_REST = re.compile(r"[^;\n]*")
_END = re.compile(r"[ \t]*(?:;|$)", re.MULTILINE)
_NAME = re.compile(r"[\w-]*")
_DECODER = json.JSONDecoder()
_PAUSES = frozenset({"pause_turn", "compaction"})


@dataclass(slots=True)
class Step:
    """What one turn is told; `turns` repeats it."""

    reply: Reply = field(default_factory=Reply)
    turns: int = 1

    @property
    def goes_on(self) -> bool:
        """Whether the conversation needs another turn after this one."""
        uses = any(isinstance(block, Used) for block in self.reply.blocks)
        return uses or self.reply.stop in _PAUSES

    def after(self) -> Step:
        """Give the plain turn that follows when nothing else was told."""
        return Step(replace(self.reply, blocks=(), stop=""))


@dataclass(slots=True)
class Orders:
    """All that one message orders, turn by turn."""

    id: str = ""
    steps: list[Step] = field(default_factory=list[Step])

    def __bool__(self) -> bool:
        """Tell whether there was any order at all."""
        return bool(self.id or self.steps)

    def reply(self, turn: int) -> Reply:
        """Give the reply of a turn; the last one stays for all that follow."""
        for step in self.steps:
            if turn < step.turns or (step is self.steps[-1] and not step.goes_on):
                return step.reply
            turn -= step.turns
        return self.steps[-1].after().reply if self.steps else Reply()


NONE = Orders()


@lru_cache(maxsize=256)  # a conversation sends its first message again with every turn
def read(text: str) -> Orders:
    """Read the orders of a text; a text without any gives orders that are false."""
    orders, step, start = Orders(), Step(), 0
    while (found := _ORDER.search(text, start)) is not None:
        start = found.end()
        if not orders.steps and found["short"] != "id":
            orders.steps.append(step)
        if found["then"]:
            step = step.after()
            orders.steps.append(step)
        elif found["long"]:
            start = _LONG[found["long"]](step, text, start)
        elif found["short"] == "id":
            orders.id = orders.id or found["value"]
        else:
            _short(step, found["short"], found["value"])
    return orders


def _short(step: Step, name: str, value: str) -> None:
    """Apply an order of one word; a number that is none counts as 0."""
    number = int(_seconds(value))
    reply = step.reply
    if name == "turns":
        step.turns = number
    elif name == "think":
        step.reply = replace(reply, blocks=(Thought(filler(number)), *reply.blocks))
    elif name == "stop":
        step.reply = replace(reply, stop=value)
    elif name in _FAULTY:
        step.reply = replace(reply, fault=_FAULTY[name](reply.fault or Fault(""), value))
    else:
        step.reply = _NUMBERS[name](reply, number)


def _fault(known: Fault, value: str) -> Fault:
    kind, _, calls = value.partition(":")
    return replace(known, kind=kind, calls=int(calls) if calls.isdecimal() else None)


_NUMBERS: dict[str, Callable[[Reply, int], Reply]] = {
    "lat": lambda reply, number: replace(reply, lat_ms=number),
    "first": lambda reply, number: replace(reply, first_ms=number),
    "drip": lambda reply, number: replace(reply, drip_ms=number),
    "size": lambda reply, number: replace(reply, size=number),
}
_FAULTY: dict[str, Callable[[Fault, str], Fault]] = {
    "fault": _fault,
    "after": lambda known, value: replace(known, after_s=_seconds(value)),
    "cut": lambda known, value: replace(known, cut=int(_seconds(value))),
}


def _seconds(value: str) -> float:
    return float(value) if value.replace(".", "", 1).isdecimal() else 0.0


def _tool(step: Step, text: str, start: int) -> int:
    named = _NAME.match(text, start)
    name = named[0] if named else ""
    _, raw, end = _value(text, start + len(name))
    _add(step, Used(name, raw))
    return end


def _answer(step: Step, text: str, start: int) -> int:
    value, _, end = _value(text, start)
    _add(step, Answered(value))
    return end


def _usage(step: Step, text: str, start: int) -> int:
    value, _, end = _value(text, start)
    counts = value if isinstance(value, dict) else None
    step.reply = replace(step.reply, usage=counts, without_usage=counts is None)
    return end


_LONG = {"tool": _tool, "answer": _answer, "usage": _usage}


def _add(step: Step, block: Used | Answered) -> None:
    step.reply = replace(step.reply, blocks=(*step.reply.blocks, block))


def _value(text: str, start: int) -> tuple[JsonValue, str, int]:
    """Read JSON up to a `;` or the end of the line; what is not JSON is taken as text."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except ValueError:
        value, end = None, -1
    if end < 0 or _END.match(text, end) is None:
        rest = _REST.match(text, start)
        raw = rest[0] if rest else ""
        return raw, raw, start + len(raw)
    return value, text[start:end], end


_WORDS = (
    "the review of this file finds that naïve input reaches the café table — and no test says so"
)


def filler(size: int) -> str:
    """Give so many characters of text, some of them longer than one byte."""
    return (f"{_WORDS}. " * (size // len(_WORDS) + 1))[:size]
