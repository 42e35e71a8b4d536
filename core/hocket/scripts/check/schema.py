"""`meta.args` as a JSON Schema that can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

DEEPEST = 32
_SHOWN = 200


def schema_fault(schema: dict[str, JsonValue], path: str) -> tuple[str, str] | None:
    """Say where a schema breaks the rules of draft 2020-12, and which; None when it can be used."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if _depth(schema) > DEEPEST:
        return path, f"is nested more than {DEEPEST} deep"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
        return path + place, f"is not JSON Schema: {error.message[:_SHOWN]}"
    return None


def _depth(value: JsonValue) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
