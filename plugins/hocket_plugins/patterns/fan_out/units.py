"""Units: what one agent is asked about one item, or about a few, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.api.calls import EndState
from hocket.api.patterns.context import NOTHING, Ask, Spares
from hocket.api.patterns.templates import block, fill, shown
from hocket_plugins.patterns.fan_out.batches import listed
from hocket_plugins.patterns.fan_out.costs import took

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import Reply
    from hocket_plugins.patterns.fan_out.arguments import FanOutArguments

AGAIN = (
    "You were asked this before, and your answer did not hold:\n{faults}\nLook again at the item"
    " itself. If your answer was right, give it again."
)
LABEL = 60
"""Characters of an item that is a label itself, such as a path."""


@dataclass(slots=True)
class Unit:
    """One item in its place, and its answer."""

    index: int
    item: JsonValue
    state: EndState = EndState.SKIPPED
    cause: str | None = None
    call: str = ""
    value: JsonValue = None
    changes: JsonValue = None
    """What its agent changed in a tree of its own, for `integrate`."""
    usage: JsonValue = None
    """What its last call took."""
    broken: list[str] = field(default_factory=list[str])
    """What its last answer breaks."""

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.state in (EndState.OK, EndState.CACHED)

    def take(self, reply: Reply, value: JsonValue) -> None:
        """Take what came of a call; a later one that failed leaves an earlier answer."""
        if reply.ok or not self.answered:
            self.state, self.cause, self.call = reply.state, reply.cause, reply.call
            self.value, self.changes = (value, reply.changes) if reply.ok else (None, None)
            self.usage = took(reply.usage) if reply.call else None

    def record(self) -> JsonValue:
        """Tell how it ended."""
        cause = "; ".join(self.broken) or self.cause
        told: dict[str, JsonValue] = {"index": self.index, "state": self.state.value}
        more = {"changes": self.changes, "usage": self.usage}
        known = {name: value for name, value in more.items() if value is not None}
        return {**told, "cause": cause, "call": self.call, **known}


@dataclass(frozen=True, slots=True)
class Asking:
    """Writes what agents are asked."""

    given: FanOutArguments
    args: JsonValue

    def single(self, unit: Unit, faults: Sequence[str] = ()) -> Ask:
        """Ask about one item; what was wrong with an earlier answer comes last."""
        prompt = self._filled(unit.item, unit.index)
        if faults:
            listed = "\n".join(f"- {each}" for each in faults)
            prompt = f"{prompt}\n\n{AGAIN.replace('{faults}', listed)}"
        text = unit.item if isinstance(unit.item, str) else ""
        label = text if 0 < len(text) <= LABEL else f"item {unit.index}"
        return self._ask(prompt, unit.item, label, self.given.shape)

    def several(self, units: Sequence[Unit]) -> Ask:
        """Ask about a few items at once, in their order."""
        blocks = "\n".join(block(f"item-{n}", shown(each.item)) for n, each in enumerate(units, 1))
        many = f"There are {len(units)} items. Give one answer for each, in their order."
        prompt = f"{self._filled(blocks, units[0].index)}\n\n{many}"
        items: JsonValue = [unit.item for unit in units]
        label = f"items {units[0].index} to {units[-1].index}"
        return self._ask(prompt, items, label, listed(self.given.shape, len(units)))

    def _filled(self, item: JsonValue, index: int) -> str:
        count = len(self.given.items)
        known = {"item": item, "index": index, "count": count, "args": self.args}
        return fill(self.given.prompt, known)

    def _ask(self, prompt: str, item: JsonValue, label: str, schema: JsonValue) -> Ask:
        given = self.given.options("work")
        named = f"{given['label']}: {label}" if "label" in given else label
        options = {**given, "schema": schema, "item": item, "label": named}
        return Ask(prompt=prompt, options=options, spares=Spares(1))


def answers(units: Sequence[Unit], reply: Reply) -> None:
    """Give each unit of a batch its own answer; what the call changed and took is the first's."""
    rows = reply.value.get("answers") if isinstance(reply.value, dict) else None
    told = rows if isinstance(rows, list) else []
    for place, unit in enumerate(units):
        reply = reply if place == 0 else replace(reply, changes=None, usage=NOTHING)
        unit.take(reply, told[place] if place < len(told) else None)
        if reply.ok and place >= len(told):
            unit.state, unit.cause = EndState.INVALID, "not in the answer"
