"""Schemas of structured output: only what a grammar can promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.testing.standin.forms import table, text, whole
from hocket.testing.standin.refusals import invalid

if TYPE_CHECKING:
    from pydantic import JsonValue

_SUPPORTED = frozenset(
    {"$defs", "definitions", "$ref", "$schema", "type", "properties", "required", "items"}
    | {"additionalProperties", "minItems", "enum", "const", "anyOf", "allOf", "format", "pattern"}
    | {"description", "title", "default"}
)
_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)


def check(schema: JsonValue, where: str) -> None:
    """Raise Refusal that names the place of the first thing a grammar cannot promise."""
    if not isinstance(schema, dict):
        raise invalid(f"{where}: Input should be a valid dictionary")
    unknown = schema.keys() - _SUPPORTED
    if unknown:
        kind = text(schema.get("type")) or "this"
        raise invalid(f"{where}: For '{kind}' type, property '{min(unknown)}' is not supported")
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise invalid(f"{where}: For 'object' type, 'additionalProperties' must be set to false")
    if whole(schema.get("minItems")) > 1:
        raise invalid(
            f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported"
        )
    if "format" in schema and schema["format"] not in _FORMATS:
        raise invalid(f"{where}: For 'string' type, format {schema['format']!r} is not supported")
    if not text(schema.get("$ref", "#")).startswith("#"):
        raise invalid(f"{where}: external $ref is not supported")
    _check_inner(schema, where)


def _check_inner(schema: dict[str, JsonValue], where: str) -> None:
    for word in ("properties", "$defs", "definitions"):
        for name, inner in table(schema.get(word)).items():
            check(inner, f"{where}.{word}.{name}")
    for word in ("anyOf", "allOf"):
        variants = schema.get(word, [])
        for place, inner in enumerate(variants if isinstance(variants, list) else []):
            check(inner, f"{where}.{word}.{place}")
    if "items" in schema:
        check(schema["items"], f"{where}.items")
