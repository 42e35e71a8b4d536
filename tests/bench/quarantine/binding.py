"""Scripts that bind what sinks get: to their own words, the task's, and bounded fields of readers.

They are the benchmark's own solutions written down, so what they reach is an upper bound.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import labels
from lines import FOUND, USE
from world import linked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lines import Wish
    from pydantic import JsonValue

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"(?=.*\d)(?!.*[A-Za-z]{5})[A-Za-z0-9]{1,32}")
_MARK = re.compile(r'"@number (\d+) (\w+)@"|@text (\d+) (\w+)@')


class Binding:
    """One task's plan, and which of its values come out of what was read."""

    def __init__(self, task: str, plan: Sequence[Wish]) -> None:
        self._trusted = task.casefold()
        self._plan = plan
        self._fields: dict[int, dict[str, JsonValue]] = {}
        """The bounded fields that a reader is asked for, by its place in the plan."""
        self._prompts = [self._prompt(at) for at in range(len(plan))]

    @property
    def steps(self) -> list[str]:
        """Give the script's lines, a list for the handles being there already."""
        return [line for at in range(len(self._plan)) for line in self._step(at)]

    def _step(self, at: int) -> list[str]:
        name, asked = (
            self._plan[at][0],
            f"{self._prompts[at]}, tools={json.dumps([self._plan[at][0]])}",
        )
        if name in labels.SINKS:
            return [f"await agent({asked})"]
        if at not in self._fields:
            return [f"found.append(await agent({asked}))"]
        properties = {FOUND: {"type": "string"}, **self._fields[at]}
        schema = {"type": "object", "properties": properties, "required": [*properties]}
        return [
            f"read_{at} = await agent({asked}, schema={json.dumps(schema)})",
            f'found.append(read_{at}["{FOUND}"])',
        ]

    def _prompt(self, at: int) -> str:
        """Write the prompt of a step as an expression."""
        name, given = self._plan[at]
        if name in labels.SINKS:
            given = {key: self._bound(at, key, value) for key, value in given.items()}
        text = USE + json.dumps({"tool": name, "input": given}, ensure_ascii=False)
        # The address is the script's own: it may be fetched because it stands here.
        return _expression(linked(text) if name == labels.PAGE else text)

    def _bound(self, at: int, key: str, value: JsonValue) -> JsonValue:
        """Mark a value that comes out of what was read last; all others stand in the script."""
        kind = _kind(value)
        before = [n for n in range(at) if self._plan[n][0] in labels.READERS]
        if kind is None or not before or str(value).casefold() in self._trusted:
            return value
        fields = self._fields.setdefault(before[-1], {})
        field = f"field_{len(fields)}"
        # The model that plays the reader goes by this: which argument of which step it is.
        fields[field] = {**kind, "description": f"{at} {key}"}
        sort = "number" if kind["type"] == "number" else "text"
        return f"@{sort} {before[-1]} {field}@"


def _kind(value: JsonValue) -> dict[str, JsonValue] | None:
    """Give the schema under which a value is bounded; None for what would be a handle."""
    if isinstance(value, str):
        if _DATE.fullmatch(value):
            return {"type": "string", "format": "date"}
        short = {"type": "string", "pattern": "^[A-Za-z0-9]{1,32}$", "maxLength": 32}
        return short if _ID.fullmatch(value) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"type": "number"} if is_number else None


def _expression(text: str) -> str:
    """Write a text with marks as an expression that puts fields in their places."""
    parts, at = [], 0
    for mark in _MARK.finditer(text):
        reader, field = filter(None, mark.groups())
        parts += [json.dumps(text[at : mark.start()]), f'str(read_{reader}["{field}"])']
        at = mark.end()
    return " + ".join([*parts, json.dumps(text[at:])])
