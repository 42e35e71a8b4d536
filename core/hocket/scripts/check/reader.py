"""Reads values of one kind each out of a literal: S04 names the path of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.scripts.check.nearest import nearest
from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.scripts.check.literal import Literal

    Object = dict[str, JsonValue]


@dataclass(slots=True)
class Reader:
    """What is wrong goes to the literal's breaches, what is merely odd to the notes."""

    literal: Literal
    notes: list[str] = field(default_factory=list[str])

    def wrong(self, path: str, message: str, hint: str = "") -> None:
        """Refuse the value at a path, unless it or what should hold it was no literal anyway."""
        place = path
        while place not in self.literal.nodes:  # what is missing is shown at what holds it
            place = place.rpartition(".")[0]
        if place not in self.literal.failed:
            node = self.literal.nodes[place]
            self.literal.breaches.append(Breach(node, "S04", f"{path} {message}", hint))

    def mapping(self, value: JsonValue, path: str, known: Sequence[str] = ()) -> Object:
        """Read a dict and note keys that nobody knows; empty when absent."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(path, f"must be a dict; found {kind(value)}")
            return {}
        for key in value if known else ():
            if key not in known:
                near = nearest(key, known)
                hint = f"; did you mean {near}?" if near else ""
                self.notes.append(f"{path}.{key} is not known{hint}")
        return value

    def sequence(self, value: JsonValue, path: str) -> list[JsonValue]:
        """Read a list; empty when absent."""
        if value is None or isinstance(value, list):
            return value or []
        self.wrong(path, f"must be a list; found {kind(value)}")
        return []

    def text(self, holder: Object, path: str, key: str) -> str:
        """Read a text; empty when absent."""
        value = holder.get(key, "")
        if isinstance(value, str):
            return value
        self.wrong(f"{path}.{key}", f"must be a text; found {kind(value)}")
        return ""

    def flag(self, holder: Object, path: str, key: str) -> bool:
        """Read True or False; False when absent."""
        value = holder.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"{path}.{key}", f"must be True or False; found {kind(value)}")
        return value is True

    def count(self, holder: Object, path: str, key: str, most: int | None = None) -> int | None:
        """Read a whole number from 1 on; None when absent."""
        value = holder.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= (most or value):
            return value
        wanted = f"a whole number from 1 to {most}" if most else "a whole number from 1 on"
        self.wrong(f"{path}.{key}", f"must be {wanted}; found {kind(value)}")
        return None


def kind(value: JsonValue) -> str:
    """Say what a value is, in a person's words; numbers are shown."""
    if value is None or isinstance(value, (bool, int, float)):
        return str(value)
    return {str: "a text", list: "a list", dict: "a dict"}[type(value)]
