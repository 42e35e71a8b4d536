"""JSON of which nobody knows the shape yet: read without trust."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ESCAPED = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def objects(value: JsonValue) -> list[JsonObject]:
    """Give the objects of an array; of anything else none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def table(value: JsonValue) -> JsonObject:
    """Give an object; of anything else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: JsonValue) -> str:
    """Give a string; of anything else the empty one."""
    return value if isinstance(value, str) else ""


def strings(value: JsonValue) -> list[str]:
    """Give the strings of an array; of anything else none."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def whole(value: JsonValue) -> int:
    """Give a whole number; of anything else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def blocks(content: JsonValue) -> list[JsonObject]:
    """Give the blocks of a message; a bare string is one block of text."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return objects(content)


def written(value: JsonValue) -> str:
    """Write JSON without blanks, in the order of its keys, with characters as they are."""
    return _COMPACT(value)


def sent(value: JsonValue) -> bytes:
    """Write JSON as bytes; only what UTF-8 cannot carry (half a surrogate pair) is escaped."""
    try:
        return _COMPACT(value).encode()
    except UnicodeEncodeError:
        return _ESCAPED(value).encode()
