"""The smallest value that fits a JSON Schema: what a model without a will answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin.forms import objects, strings, table, text, whole

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject

_DEEPEST = 32


def instance(schema: JsonObject) -> JsonValue:
    """Make a value for a schema; what the schema demands beyond shape may be missed."""
    return _make(schema, schema, 0)


def _make(schema: JsonObject, root: JsonObject, depth: int) -> JsonValue:
    if depth > _DEEPEST:
        return None
    if "const" in schema:
        return schema["const"]
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return choices[0]
    inner = _inner(schema, root)
    return _by_type(schema, root, depth) if inner is None else _make(inner, root, depth + 1)


def _inner(schema: JsonObject, root: JsonObject) -> JsonObject | None:
    """Give the schema that stands for this one, where it only refers to others."""
    for word in ("anyOf", "oneOf", "allOf"):
        if variants := objects(schema.get(word)):
            return variants[0]
    name = text(schema.get("$ref")).rpartition("/")[2]
    known = table(root.get("$defs")) | table(root.get("definitions"))
    return table(known[name]) if name in known else None


def _by_type(schema: JsonObject, root: JsonObject, depth: int) -> JsonValue:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = kind[0] if kind else "null"
    if kind == "object":
        known = table(schema.get("properties"))
        names = strings(schema.get("required")) or list(known)
        return {name: _make(table(known.get(name)), root, depth + 1) for name in names}
    if kind == "array":
        one = _make(table(schema.get("items")), root, depth + 1)
        return [one] * whole(schema.get("minItems"))
    return _plain(text(kind), schema)


def _plain(kind: str, schema: JsonObject) -> JsonValue:
    if kind in {"integer", "number"}:
        return schema.get("minimum", 0)
    if kind == "boolean":
        return True
    return "stand-in".ljust(whole(schema.get("minLength")), ".") if kind == "string" else None
