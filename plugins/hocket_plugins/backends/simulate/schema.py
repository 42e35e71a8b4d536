"""A schema made flat: references followed, `allOf` merged, one branch of each choice taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket_plugins.backends.simulate.draws import Draws

    Schema = dict[str, JsonValue]

_DEEPEST = 40


class NoAnswer(Exception):
    """No value was found that fits the schema."""


class Flattener:
    """Flattens the schemas below one root; which branch is taken is drawn."""

    def __init__(self, root: Schema, draws: Draws) -> None:
        self._root = root
        self._draws = draws

    def flat(self, schema: JsonValue, *, tight: bool = False, depth: int = 0) -> Schema:
        """Give one schema without references and choices; `tight` prefers short branches."""
        if schema is False or depth > _DEEPEST:
            raise NoAnswer("no answer fits the schema: it allows none, or never ends")
        result = dict(schema) if isinstance(schema, dict) else {}
        for part in self._parts(result, tight=tight):
            result = merged(result, self.flat(part, tight=tight, depth=depth + 1))
        for keyword in ("anyOf", "oneOf"):
            if keyword in result:
                result = self._branch(result, _list(result.pop(keyword)), tight=tight, depth=depth)
        return result

    def _parts(self, schema: Schema, *, tight: bool) -> list[JsonValue]:
        """Take out what holds beside the rest: the reference, `allOf`, one side of a condition."""
        parts = _list(schema.pop("allOf", []))
        if "$ref" in schema:
            parts = [*parts, self._target(str(schema.pop("$ref")))]
        condition = schema.pop("if", None)
        sides = (schema.pop("then", {}), schema.pop("else", {}))
        if condition is None:
            return parts
        if not tight and self._draws.below(2):
            return [*parts, condition, sides[0]]
        return [*parts, sides[1]]

    def _branch(
        self,
        schema: Schema,
        branches: list[JsonValue],
        *,
        tight: bool,
        depth: int,
    ) -> Schema:
        order = sorted(branches, key=_size) if tight else self._draws.shuffled(branches)
        for branch in order:
            try:
                return merged(schema, self.flat(branch, tight=tight, depth=depth + 1))
            except NoAnswer:
                continue
        raise NoAnswer("no answer fits the schema: none of its alternatives can be met")

    def _target(self, reference: str) -> JsonValue:
        node: JsonValue = self._root
        if not reference.startswith("#"):
            raise NoAnswer(f"the reference {reference!r} leaves the schema")
        for step in filter(None, reference[1:].split("/")):
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(node, dict) and name in node:
                node = node[name]
            elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
                node = node[int(name)]
            else:
                raise NoAnswer(f"the reference {reference!r} leads nowhere")
        return node


def merged(first: Schema, second: Schema) -> Schema:
    """Give a schema that asks for both; where no rule says how, the second wins."""
    result = dict(first)
    for keyword, value in second.items():
        join = _JOIN.get(keyword)
        both = keyword in first and join is not None
        result[keyword] = join(first[keyword], value) if both and join else value
    return result


def kinds(value: JsonValue) -> list[str]:
    """Read `type` as the list it may be."""
    return [str(kind) for kind in _list(value)] if isinstance(value, list) else [str(value)]


def _size(schema: JsonValue) -> int:
    text = str(schema)
    return len(text) + 10_000 * text.count("$ref")


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _both(first: JsonValue, second: JsonValue) -> JsonValue:
    return {"allOf": [first, second]}


def _types(first: JsonValue, second: JsonValue) -> JsonValue:
    left, right = kinds(first), kinds(second)
    shared: list[JsonValue] = [kind for kind in left if kind in right]
    if "integer" in left + right and "number" in left + right and "integer" not in shared:
        shared.append("integer")
    if not shared:
        raise NoAnswer("no answer fits the schema: two types exclude each other")
    return shared


def _shared(first: JsonValue, second: JsonValue) -> JsonValue:
    return [value for value in _list(first) if value in _list(second)]


def _union(first: JsonValue, second: JsonValue) -> JsonValue:
    return [*_list(first), *(name for name in _list(second) if name not in _list(first))]


def _fields(first: JsonValue, second: JsonValue) -> JsonValue:
    left, right = (side if isinstance(side, dict) else {} for side in (first, second))
    shared: Schema = {name: _both(left[name], right[name]) for name in left.keys() & right.keys()}
    return {**left, **right, **shared}


def _number(choose: Callable[[float, float], float]) -> Callable[[JsonValue, JsonValue], JsonValue]:
    def join(first: JsonValue, second: JsonValue) -> JsonValue:
        if isinstance(first, int | float) and isinstance(second, int | float):
            return choose(first, second)
        return second

    return join


_JOIN: dict[str, Callable[[JsonValue, JsonValue], JsonValue]] = {
    "type": _types,
    "enum": _shared,
    "required": _union,
    "properties": _fields,
    "items": _both,
    "additionalProperties": _both,
    "anyOf": lambda first, second: [
        _both(one, two) for one in _list(first) for two in _list(second)
    ],
    **dict.fromkeys(
        ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), _number(max)
    ),
    **dict.fromkeys(
        ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), _number(min)
    ),
}
