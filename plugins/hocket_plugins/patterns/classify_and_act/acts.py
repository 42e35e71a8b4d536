"""Acting calls: each gets a class and the id of its item, never the text of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask
from hocket.api.patterns.templates import fill
from hocket_plugins.patterns.classify_and_act.arguments import Act

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.context import Reply
    from hocket_plugins.patterns.classify_and_act.arguments import ClassifyArguments
    from hocket_plugins.patterns.classify_and_act.reading import Reading

    Values = dict[str, JsonValue]

SHORT = re.compile(r"[\w.:/#-]{1,64}")
"""What may be an id: a longer text, or one with spaces, could give orders."""


class Acts:
    """Words the acting calls of a run."""

    def __init__(self, arguments: ClassifyArguments, args: JsonValue) -> None:
        self._arguments = arguments
        self._args = args
        for name in arguments.acts:  # a misspelt place must cost nothing
            self._ask(name, 0, 0)

    def ask(self, reading: Reading) -> Ask | None:
        """Ask for the act on one item; None where its class has none."""
        if reading.label is None:
            return None
        return self._ask(reading.label, reading.index, identity(reading.item, reading.index))

    def _ask(self, name: str, index: int, item: JsonValue) -> Ask | None:
        act = self._arguments.treatment(name)
        if not isinstance(act, Act):
            return None
        values: Values = {"class": name, "id": item, "index": index, "args": self._args}
        prompt = fill(act.prompt, {**values, "count": len(self._arguments.items)})
        given: Values = {"label": f"{name}: item {index + 1}", **self._arguments.options("act")}
        own = {**given, **act.__pydantic_extra__}
        named: Values = {"class": name, "id": item}
        return Ask(prompt=prompt, options=self._arguments.options("act", own, item=named))


def identity(item: JsonValue, index: int) -> JsonValue:
    """Name an item by its own short `id`, else by its place: a bare index could pass for an id."""
    own = item.get("id") if isinstance(item, dict) else None
    if isinstance(own, int) or (isinstance(own, str) and SHORT.fullmatch(own)):
        return own
    return f"item-{index}"


def told(reading: Reading, reply: Reply) -> Values:
    """Tell what an act came to."""
    return {
        "index": reading.index,
        "class": reading.label,
        "value": reply.value if reply.ok else None,
        "state": reply.state.value,
        "cause": reply.cause,
    }
