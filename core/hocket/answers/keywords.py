"""The vocabulary of JSON Schema: what each keyword must hold, and where schemas stand in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import JsonValue

    Schema = dict[str, JsonValue]
    Form = tuple[str, Callable[[JsonValue], bool]]

DEEPEST = 32
MOST_NODES = 2_000
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OLDER = {
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema",
    "http://json-schema.org/draft-06/schema",
}
SAME_VALUE = frozenset(
    ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "$ref")
)
"""Keywords whose schemas look at the same value as the schema they stand in."""
MAY_FAIL = frozenset(("not", "if"))


class Unusable(Exception):
    """Why a schema is refused."""


@dataclass(frozen=True, slots=True)
class Node:
    """A schema inside a schema; `asserted` when nothing fits unless this can."""

    pointer: str
    schema: Schema
    depth: int = 0
    asserted: bool = True
    same_value: bool = False


def step(key: str | int) -> str:
    """Write one step of a JSON pointer."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def is_number(value: JsonValue) -> bool:
    """Whether it is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def children(node: Node) -> Iterator[Node]:
    """Give the schemas that stand directly in a schema; `true` and `false` are none."""
    for keyword, value in node.schema.items():
        found: dict[str, JsonValue] = {}
        if keyword in _ONE and isinstance(value, dict):
            found[""] = value
        elif keyword in _ONE | _MANY and isinstance(value, list):
            found = {step(index): item for index, item in enumerate(value)}
        elif keyword in _NAMED and isinstance(value, dict):
            found = {step(name): item for name, item in value.items()}
        for tail, schema in found.items():
            if isinstance(schema, dict):
                yield Node(
                    node.pointer + step(keyword) + tail,
                    schema,
                    node.depth + 1,
                    node.asserted and keyword not in MAY_FAIL,
                    keyword in SAME_VALUE,
                )


def misuse(node: Node, *, older: bool) -> str | None:
    """Say which keyword of a schema is unknown, or holds what it must not hold."""
    for keyword, value in node.schema.items():
        place = node.pointer + step(keyword)
        form = _FORMS.get(keyword) or (_OLD_FORMS.get(keyword) if older else None)
        if keyword.startswith("x-") or (older and keyword == "items" and _is_schemas(value)):
            continue
        if form is None:
            return f'{node.pointer or "/"}: unknown keyword "{keyword}"{_nearest(keyword)}'
        if keyword == "type" and (unknown := _unknown_type(value)):
            return f'{place}: unknown type name "{unknown}"'
        if not form[1](value):
            return f"{place}: must be {form[0]}"
    return None


def _nearest(keyword: str) -> str:
    import difflib  # noqa: PLC0415  (only a mistake needs it)

    near = difflib.get_close_matches(keyword, _FORMS, 1)
    return f', did you mean "{near[0]}"?' if near else ""


def _unknown_type(value: JsonValue) -> str:
    names = value if isinstance(value, list) else [value]
    return next((name for name in names if isinstance(name, str) and name not in TYPES), "")


def _is_above_zero(value: JsonValue) -> bool:
    return is_number(value) and isinstance(value, int | float) and value > 0


def _is_count(value: JsonValue) -> bool:
    return is_number(value) and isinstance(value, int | float) and value >= 0 and value % 1 == 0


def _is_names(value: JsonValue) -> bool:
    names = [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
    return isinstance(value, list) and len(value) == len(names) == len(set(names))


def _is_types(value: JsonValue) -> bool:
    return isinstance(value, str) or (_is_names(value) and value != [])


def _is_schema(value: JsonValue) -> bool:
    return isinstance(value, dict | bool)


def _is_schemas(value: JsonValue) -> bool:
    return isinstance(value, list) and value != [] and all(map(_is_schema, value))


def _is_map(test: Callable[[JsonValue], bool]) -> Callable[[JsonValue], bool]:
    return lambda value: isinstance(value, dict) and all(map(test, value.values()))


def _is_a(kind: type) -> Callable[[JsonValue], bool]:
    return lambda value: isinstance(value, kind)


_ONE = {
    *("additionalProperties", "additionalItems", "items", "contains", "propertyNames", "not"),
    *("if", "then", "else", "unevaluatedItems", "unevaluatedProperties", "contentSchema"),
}
_MANY = {"allOf", "anyOf", "oneOf", "prefixItems"}
_NAMED = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_TEXTS = (
    *("$id", "$schema", "$ref", "$dynamicRef", "$anchor", "$dynamicAnchor", "$comment", "pattern"),
    *("format", "title", "description", "contentEncoding", "contentMediaType"),
)
_COUNTS = (
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    *("minContains", "maxContains"),
)
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_OLD_FORMS: dict[str, Form] = {
    "additionalItems": ("a schema", _is_schema),
    "dependencies": ("an object", _is_a(dict)),
}
_FORMS: dict[str, Form] = {
    **dict.fromkeys(_ONE - {"additionalItems"}, ("a schema", _is_schema)),
    **dict.fromkeys(_MANY, ("a list of schemas", _is_schemas)),
    **dict.fromkeys(_NAMED, ("an object of schemas", _is_map(_is_schema))),
    **dict.fromkeys(_TEXTS, ("a string", _is_a(str))),
    **dict.fromkeys(_COUNTS, ("a whole number from 0", _is_count)),
    **dict.fromkeys(_LIMITS, ("a number", is_number)),
    **dict.fromkeys(
        ("uniqueItems", "deprecated", "readOnly", "writeOnly"), ("true or false", _is_a(bool))
    ),
    **dict.fromkeys(("enum", "examples"), ("a list", _is_a(list))),
    **dict.fromkeys(("const", "default"), ("anything", _is_a(object))),
    "multipleOf": ("a number above 0", _is_above_zero),
    "required": ("a list of different names", _is_names),
    "dependentRequired": ("an object of lists of names", _is_map(_is_names)),
    "type": ("a type name or a list of them", _is_types),
}
