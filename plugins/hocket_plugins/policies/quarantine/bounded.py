"""Which parts of a reader's answer may reach the script by value: those that can carry no order.

What counts is the schema that the script declared and the value's own shape; either alone would
let words through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.policies.quarantine.leaves import Allowance, is_bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    Schema = dict[str, JsonValue]
    Seal = Callable[[str, JsonValue], str]
    """Gives the handle of what lies at a place: its JSON pointer and its content."""

MOST_ITEMS = 1_000
DEEPEST, MOST_PARTS = 32, 10_000
"""What lies deeper, or after so many parts, is sealed as a whole: a handle costs a file."""


def parted(schema: Schema | None, value: JsonValue, seal: Seal, *, ids: bool = True) -> JsonValue:
    """Give the answer as the script may see it: bounded leaves by value, all else sealed.

    Without `ids` short ids are sealed too. An empty text is sealed as any other one.
    """
    if schema is None:
        return seal("", value)
    left = Allowance() if ids else Allowance(id_characters=0)
    return _Parting(schema, seal, left).part(schema, value, "")


class _Parting:
    """Walks down an answer beside its schema."""

    def __init__(self, root: Schema, seal: Seal, left: Allowance) -> None:
        self._root = root
        self._seal = seal
        self._left = left
        self._parts = 0

    def part(self, schema: JsonValue, value: JsonValue, place: str) -> JsonValue:
        self._parts += 1
        if place.count("/") > DEEPEST or self._parts > MOST_PARTS:
            return self._seal(place, value)
        choices = [branch for branch in self._branches(schema, set()) if _fits(branch, value)]
        if isinstance(value, dict):
            return self._object(choices, value, place)
        if isinstance(value, list):
            return self._array(choices, value, place)
        if any(is_bounded(branch, value, self._left) for branch in choices):
            return value
        return self._seal(place, value)

    def _object(self, choices: list[Schema], value: Schema, place: str) -> JsonValue:
        """Give declared properties; an object with free keys is sealed as a whole.

        A key that was not declared is a text of the reader's own: it goes nowhere, unless the
        schema wants free keys.
        """
        known: dict[str, list[JsonValue]] = {}
        for branch in choices:
            for name, declared in _properties(branch).items():
                known.setdefault(name, []).append(declared)
        if not known or (_is_open(choices) and not value.keys() <= known.keys()):
            return self._seal(place, value)
        return {
            name: self.part(_any(known[name]), inner, f"{place}/{_step(name)}")
            for name, inner in value.items()
            if name in known
        }

    def _array(self, choices: list[Schema], value: list[JsonValue], place: str) -> JsonValue:
        items = [branch["items"] for branch in choices if "items" in branch]
        if not items or len(value) > MOST_ITEMS:
            return self._seal(place, value)
        return [self.part(_any(items), inner, f"{place}/{at}") for at, inner in enumerate(value)]

    def _branches(self, schema: JsonValue, seen: set[str]) -> list[Schema]:
        """List the schemas that may be meant: a leaf that is bounded under one of them is."""
        if not isinstance(schema, dict):
            return []
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in seen:
                return []
            seen.add(reference)
            return self._branches(_found(self._root, reference), seen)
        found = [schema]
        for word in ("anyOf", "oneOf", "allOf"):
            inner = schema.get(word)
            for branch in inner if isinstance(inner, list) else ():
                found += self._branches(branch, seen)
        return found


def _fits(schema: Schema, value: JsonValue) -> bool:
    """Leave out branches of another type; a schema without a type may mean any."""
    kinds = schema.get("type")
    named = [str(kind) for kind in kinds] if isinstance(kinds, list) else [str(kinds)]
    if kinds is None:
        return True
    if isinstance(value, dict):
        return "object" in named
    if isinstance(value, list):
        return "array" in named
    return "string" in named if isinstance(value, str) else True


def _any(schemas: list[JsonValue]) -> JsonValue:
    """Give a schema for what several declare, such as the kinds of a union."""
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _is_open(choices: list[Schema]) -> bool:
    """Say whether a schema wants keys that it does not name."""
    return any(
        isinstance(branch.get("additionalProperties"), dict) or "patternProperties" in branch
        for branch in choices
    )


def _properties(schema: Schema) -> Schema:
    known = schema.get("properties")
    return known if isinstance(known, dict) else {}


def _found(root: Schema, reference: str) -> JsonValue:
    """Follow a reference inside the schema; any other gives nothing."""
    value: JsonValue = root
    for step in reference.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value.get(name) if isinstance(value, dict) else None
    return value if reference.startswith("#") else None


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
