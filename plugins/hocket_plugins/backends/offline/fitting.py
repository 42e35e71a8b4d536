"""An answer made to fit the schema of its call: what that does not know is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.items import fields

if TYPE_CHECKING:
    from pydantic import JsonValue

    Schema = dict[str, JsonValue]

TEXTS = ("report", "text", "answer")
"""Fields of an answer with a schema, of which the first that there is holds its text."""
_EMPTY: dict[str, JsonValue] = {"string": "", "array": [], "object": {}, "boolean": False}


def fitted(answer: JsonValue, schema: JsonValue) -> JsonValue:
    """Leave out fields and rows that the schema has no place for, and fill what it requires."""
    known = fields(schema)
    if isinstance(answer, dict):
        return _object(answer, known)
    if isinstance(answer, list):
        most = known.get("maxItems")
        kept = answer[:most] if isinstance(most, int) else answer
        return [fitted(one, known.get("items")) for one in kept]
    if isinstance(answer, str) and known.get("type") == "object":
        places = fields(known, "properties")
        name = next((one for one in TEXTS if one in places), TEXTS[0])
        return _object({name: answer}, known)
    if isinstance(answer, str):
        longest = known.get("maxLength")
        return answer[:longest] if isinstance(longest, int) else answer
    return answer


def _object(answer: Schema, schema: Schema) -> JsonValue:
    places = fields(schema, "properties")
    given = {name: value for name, value in answer.items() if not places or name in places}
    filled = {name: fitted(value, places.get(name)) for name, value in given.items()}
    required = schema.get("required")
    for name in required if isinstance(required, list) else []:
        filled.setdefault(str(name), _least(fields(places.get(str(name)))))
    return filled


def _least(schema: Schema) -> JsonValue:
    """Give the emptiest value of a field that rules know nothing for."""
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return "unknown" if "unknown" in choices else choices[0]
    kind = schema.get("type")
    least = schema.get("minimum")
    if kind in {"integer", "number"}:
        return least if isinstance(least, int | float) else 0
    return _EMPTY.get(str(kind))
