"""Which parts of a reader's answer may reach the script by value: those that can carry no order.

What counts is the schema that the script declared and the value's own shape; either alone would
let words through.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    Schema = dict[str, JsonValue]
    Seal = Callable[[str, JsonValue], str]
    """Gives the handle of what lies at a place: its JSON pointer and its content."""

MOST_CHOICES, LONGEST_CHOICE = 256, 128
LARGEST = 2**53
LONGEST_ID = 32
MOST_ITEMS = 1_000
MOST_BYTES, MOST_ID_CHARACTERS = 4_096, 512
"""By value in one answer; a list of ids must not spell a sentence."""
FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?"),
    "date-time": re.compile(
        r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?"
    ),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
_ID = re.compile(r"[A-Za-z0-9._:#-]{1,32}")
_WORD = re.compile(r"[A-Za-z]{5,}")
_HEX = re.compile(r"[0-9a-fA-F]+")


@dataclass(slots=True)
class Allowance:
    """What one answer may still give by value."""

    bytes: int = MOST_BYTES
    id_characters: int = MOST_ID_CHARACTERS

    def takes(self, size: int) -> bool:
        """Take so many bytes, if they are left."""
        self.bytes -= size
        return self.bytes >= 0

    def takes_id(self, text: str) -> bool:
        """Take an id, if there is room for it."""
        self.id_characters -= len(text)
        return self.id_characters >= 0 and self.takes(len(text))


def parted(schema: Schema | None, value: JsonValue, seal: Seal) -> JsonValue:
    """Give the answer as the script may see it: bounded leaves by value, all else sealed."""
    if schema is None:
        return seal("", value)
    return _Parting(schema, seal).part(schema, value, "")


class _Parting:
    """Walks down an answer beside its schema."""

    def __init__(self, root: Schema, seal: Seal) -> None:
        self._root = root
        self._seal = seal
        self._left = Allowance()

    def part(self, schema: JsonValue, value: JsonValue, place: str) -> JsonValue:
        choices = [branch for branch in self._branches(schema, 0) if _fits(branch, value)]
        if isinstance(value, dict):
            return self._object(choices, value, place)
        if isinstance(value, list):
            return self._array(choices, value, place)
        if any(self._is_bounded(branch, value) for branch in choices):
            return value
        return self._seal(place, value)

    def _object(self, choices: list[Schema], value: Schema, place: str) -> JsonValue:
        """Give declared properties; an object with free keys is sealed as a whole.

        A key that was not declared is a text of the reader's own: it goes nowhere.
        """
        known: Schema = {}
        for branch in choices:
            known = {**_properties(branch), **known}
        if not known:
            return self._seal(place, value)
        return {
            name: self.part(known[name], inner, f"{place}/{_step(name)}")
            for name, inner in value.items()
            if name in known
        }

    def _array(self, choices: list[Schema], value: list[JsonValue], place: str) -> JsonValue:
        items = next((branch["items"] for branch in choices if "items" in branch), None)
        if items is None or len(value) > MOST_ITEMS:
            return self._seal(place, value)
        return [self.part(items, inner, f"{place}/{at}") for at, inner in enumerate(value)]

    def _branches(self, schema: JsonValue, depth: int) -> list[Schema]:
        """List the schemas that may be meant: a leaf that is bounded under one of them is."""
        if not isinstance(schema, dict) or depth > LONGEST_ID:
            return []
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self._branches(_found(self._root, reference), depth + 1)
        found = [schema]
        for word in ("anyOf", "oneOf", "allOf"):
            inner = schema.get(word)
            for branch in inner if isinstance(inner, list) else ():
                found += self._branches(branch, depth + 1)
        return found

    def _is_bounded(self, schema: Schema, value: JsonValue) -> bool:
        if value is None or isinstance(value, bool):
            return _is_typed(schema, value)
        if isinstance(value, (int, float)):
            return _is_typed(schema, value) and _is_plain(value) and self._left.takes(24)
        return isinstance(value, str) and self._is_bounded_text(schema, value)

    def _is_bounded_text(self, schema: Schema, value: str) -> bool:
        if value in _literals(schema):
            return self._left.takes(len(value.encode("utf-8", "replace")))
        form = FORMATS.get(str(schema.get("format")))
        if form is not None and form.fullmatch(value):
            return self._left.takes(len(value))
        return _declares_id(schema) and is_short_id(value) and self._left.takes_id(value)


def is_short_id(value: str) -> bool:
    """Say whether a text is an id and no word: `CVE-2026-1234`, `#417`, `a41f09c`."""
    if not _ID.fullmatch(value) or not any(char.isdigit() for char in value):
        return False
    return all(_HEX.fullmatch(word) for word in _WORD.findall(value))


def _declares_id(schema: Schema) -> bool:
    pattern, longest = schema.get("pattern"), schema.get("maxLength")
    anchored = isinstance(pattern, str) and pattern.startswith("^") and pattern.endswith("$")
    return anchored and isinstance(longest, int) and longest <= LONGEST_ID


def _literals(schema: Schema) -> list[str]:
    """Give the texts that the script itself wrote into the schema."""
    options = schema.get("enum")
    listed = options if isinstance(options, list) else []
    every = [*listed, *([schema["const"]] if "const" in schema else [])]
    if len(every) > MOST_CHOICES:
        return []
    return [text for text in every if isinstance(text, str) and len(text) <= LONGEST_CHOICE]


def _is_typed(schema: Schema, value: JsonValue) -> bool:
    """Say whether the schema declares a value of this kind: by its type, or as a literal."""
    kinds = schema.get("type")
    named = kinds if isinstance(kinds, list) else [kinds]
    options = schema.get("enum")
    if isinstance(options, list) and any(value is one or value == one for one in options):
        return True
    return any(kind in named for kind in _kinds_of(value))


def _kinds_of(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    return ("integer", "number") if isinstance(value, int) else ("number",)


def _is_plain(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= LARGEST


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
