"""Several items in one call: the schema of their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue


def listed(schema: JsonValue, count: int) -> JsonValue:
    """Make the schema of so many answers; definitions move up to where references look."""
    inner: dict[str, JsonValue] = {**schema} if isinstance(schema, dict) else {"type": "string"}
    shared: dict[str, JsonValue] = {
        name: inner.pop(name) for name in ("$defs", "definitions") if name in inner
    }
    rows: JsonValue = {"type": "array", "items": inner, "minItems": count, "maxItems": count}
    answer: dict[str, JsonValue] = {"type": "object", "properties": {"answers": rows}}
    return {**answer, "required": ["answers"], **shared}
