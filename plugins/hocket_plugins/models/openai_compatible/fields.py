"""Reads JSON that others wrote: what is missing or of another type is its empty value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    JsonObject = dict[str, JsonValue]


def table(value: JsonValue) -> JsonObject:
    """Give an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: JsonValue) -> list[JsonObject]:
    """Give the objects of a list, else none."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: JsonValue) -> str:
    """Give a text, else an empty one."""
    return value if isinstance(value, str) else ""


def count(value: JsonValue) -> int:
    """Give a number of things, else 0."""
    return value if isinstance(value, int) and value > 0 else 0
