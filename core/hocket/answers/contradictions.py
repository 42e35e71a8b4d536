"""Schemas that no answer can ever fit, as far as that can be proved at one place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.answers.keywords import TYPES, is_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.answers.keywords import Schema

PAIRS = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)


def contradiction(schema: Schema, matches: Callable[[str, str], bool]) -> str | None:
    """Say why nothing can fit a schema; `matches(pattern, name)` is the run's regex."""
    return _values(schema) or _bounds(schema) or _names(schema, matches) or _types(schema)


def _values(schema: Schema) -> str | None:
    enum = schema.get("enum")
    if not isinstance(enum, list):
        return None
    if not enum:
        return "enum is empty"
    allowed = {_canonical(value) for value in enum}
    outside = "const" in schema and _canonical(schema["const"]) not in allowed
    return "const is not in enum" if outside else None


def _bounds(schema: Schema) -> str | None:
    for low, high in PAIRS:
        least, most = schema.get(low), schema.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            return f"{low} {least} is above {high} {most}"
    return None


def _names(schema: Schema, matches: Callable[[str, str], bool]) -> str | None:
    """Find a required property that cannot be there."""
    required, declared = schema.get("required"), schema.get("properties")
    matched = schema.get("patternProperties")
    patterns = list(matched) if isinstance(matched, dict) else []
    properties = declared if isinstance(declared, dict) else {}
    closed = schema.get("additionalProperties") is False
    for name in required if isinstance(required, list) else []:
        if properties.get(str(name)) is False:
            return f'required property "{name}" is false'
        by_pattern = any(matches(pattern, str(name)) for pattern in patterns)
        if closed and name not in properties and not by_pattern:
            return f'required property "{name}" is excluded by additionalProperties: false'
    return None


def _types(schema: Schema) -> str | None:
    """Find branches of `allOf` that share no type, with each other or with what is around."""
    branches = schema.get("allOf")
    left = _allowed(schema)
    for branch in branches if isinstance(branches, list) else []:
        left &= _allowed(branch)
    return None if left else "the types in allOf have nothing in common"


def _allowed(schema: JsonValue) -> set[str]:
    """Give the types a schema names, all if none; every integer is a number."""
    named = schema.get("type") if isinstance(schema, dict) else None
    names = {str(name) for name in (named if isinstance(named, list) else [named])}
    return set(TYPES) if named is None else names | ({"integer"} if "number" in names else set())


def _canonical(value: JsonValue) -> str:
    if is_number(value) and isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)
