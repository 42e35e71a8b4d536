"""`lines` and `json`: the items of a file, or of what is piped in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.launch import items
from hocket.launch.expansion.found import EVERY, Found, Unusable, pointer

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.launch.expansion.asking import Asking

PIPED = "-"
_PLAIN = re.compile(r"[\w .:/-]{1,40}")
"""What a field of an item may be called; a longer name could say anything."""


def lines(asking: Asking) -> Found:
    """Give the lines that are not empty."""
    text, sources = _read(asking)
    found: list[JsonValue] = [line.strip() for line in text.splitlines() if line.strip()]
    return Found(found, {pointer(EVERY): sources} if sources else {})


def values(asking: Asking) -> Found:
    """Give the items by the suffix of the file, or by how they look."""
    text, sources = _read(asking)
    try:
        found = items.parsed(text, asking.word)
    except UsageError as error:
        raise Unusable(f"{error.who}: {error.found}", error.expected or "a list") from None
    if not sources:
        return Found(found)
    return Found([_named(item) for item in found], {pointer(EVERY): sources})


def _read(asking: Asking) -> tuple[str, tuple[str, ...]]:
    typed = asking.word
    if typed == PIPED:
        return asking.reader.piped(), ()
    place = asking.ground.place(typed)
    if place.is_dir():
        raise Unusable(f"{typed} is a folder", "a file, or - for standard input")
    return asking.reader.text(place, typed), asking.sources(typed, place)


def _named(item: JsonValue) -> JsonValue:
    """Leave an item from outside in its parts only where their names could say nothing."""
    return item if _is_plain(item) else json.dumps(item, ensure_ascii=False)


def _is_plain(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return all(_PLAIN.fullmatch(key) and _is_plain(one) for key, one in value.items())
    return all(map(_is_plain, value)) if isinstance(value, list) else True
