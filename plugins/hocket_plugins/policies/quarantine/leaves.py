"""Which single values can carry no order: literals of the script, numbers, dates, short ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    Schema = dict[str, JsonValue]

MOST_CHOICES, LONGEST_CHOICE = 256, 128
LARGEST = 2**53
LONGEST_ID = 32
MOST_BYTES, MOST_ID_CHARACTERS = 4_096, 512
"""By value in one answer; a list of ids must not spell a sentence."""
NUMBER, SWITCH = 24, 5
"""What a number, and what a boolean or null takes of that."""
FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "time": re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII),
    "date-time": re.compile(
        r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
    ),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
_ID = re.compile(r"[A-Za-z0-9._:#-]{1,32}")
_WORD = re.compile(r"[A-Za-z]{5,}")
_PARTS = re.compile(r"[^A-Za-z0-9]+")
_HEX = re.compile(r"(?=.*[0-9])[0-9a-fA-F]{7,}")
"""A digest, not one of the words that can be written with its letters, such as `facade`."""


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


def is_bounded(schema: Schema, value: JsonValue, left: Allowance) -> bool:
    """Say whether a value may be seen as this schema declares it, and take the room for it."""
    if isinstance(value, str):
        return _is_bounded_text(schema, value, left)
    if not (_is_typed(schema, value) or any(value == one for one in _literals(schema))):
        return False
    if isinstance(value, bool) or value is None:
        return left.takes(SWITCH)
    # Neither infinity nor what is no number is smaller than anything.
    return isinstance(value, (int, float)) and abs(value) <= LARGEST and left.takes(NUMBER)


def is_short_id(value: str) -> bool:
    """Say whether a text is an id and no word: `CVE-2026-1234`, `#417`, `a41f09c`."""
    if not _ID.fullmatch(value) or not any(char.isdigit() for char in value):
        return False
    return all(_HEX.fullmatch(part) for part in _PARTS.split(value) if _WORD.search(part))


def _is_bounded_text(schema: Schema, value: str, left: Allowance) -> bool:
    if value in _literals(schema) and len(value) <= LONGEST_CHOICE:
        return left.takes(len(value.encode("utf-8", "replace")))
    form = FORMATS.get(str(schema.get("format")))
    if form is not None and form.fullmatch(value):
        return left.takes(len(value))
    return _declares_id(schema) and is_short_id(value) and left.takes_id(value)


def _declares_id(schema: Schema) -> bool:
    pattern, longest = schema.get("pattern"), schema.get("maxLength")
    anchored = isinstance(pattern, str) and pattern.startswith("^") and pattern.endswith("$")
    return anchored and isinstance(longest, int) and longest <= LONGEST_ID


def _literals(schema: Schema) -> list[JsonValue]:
    """Give the values that the script itself wrote into the schema, if they are few."""
    options = schema.get("enum")
    every = [*(options if isinstance(options, list) else []), *_constant(schema)]
    return every if len(every) <= MOST_CHOICES else []


def _constant(schema: Schema) -> list[JsonValue]:
    return [schema["const"]] if "const" in schema else []


def _is_typed(schema: Schema, value: JsonValue) -> bool:
    """Say whether the schema declares a value of this kind by its type."""
    kinds = schema.get("type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(kind in named for kind in _kinds_of(value))


def _kinds_of(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return ("integer", "number") if is_whole else ("number",)
