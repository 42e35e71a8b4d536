"""An answer that fits a schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket_plugins.backends.simulate.expectations import length, one_of, yes
from hocket_plugins.backends.simulate.numbers import integer, number
from hocket_plugins.backends.simulate.schema import Flattener, NoAnswer, kinds
from hocket_plugins.backends.simulate.texts import text
from hocket_plugins.backends.simulate.words import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from hocket_plugins.backends.simulate.draws import Draws

    Schema = dict[str, JsonValue]

_TRIES = 30
_DEEP, _DEEPEST, _NODES = 4, 8, 200
"""A schema that contains itself grows without end: below `_DEEP` only so many values are full."""
_USUAL_ENTRIES = 2.0
_DOUBTFUL = {
    "allOf", "anyOf", "oneOf", "not", "if", "contains", "uniqueItems", "propertyNames",
    "patternProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
    "unevaluatedItems", "minProperties", "maxProperties",
}  # fmt: skip
"""Keywords whose interplay is checked instead of constructed."""


def answer(schema: Schema, draws: Draws, lists: float = 1.0, *, sparse: bool = False) -> JsonValue:
    """Draw an answer; the same draws give the same one. Raises NoAnswer when none is found."""
    doubtful = not _DOUBTFUL.isdisjoint(_names(schema))
    reason = NoAnswer("no answer was found that fits the schema")
    for optional in ((0.0, 0.0, 1.0) if sparse else (0.8, 1.0, 0.0)) * (_TRIES // 3):
        try:
            value = _Maker(schema, draws, lists, optional).make(schema)
        except NoAnswer as none:
            reason = none
            continue
        if not doubtful or _valid(schema, value):
            return value
    raise reason


def _names(schema: JsonValue) -> Iterator[str]:
    """Walk over every name in a schema; a property called like a keyword only costs a check."""
    if isinstance(schema, dict):
        for name, inner in schema.items():
            yield name
            yield from _names(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _names(inner)


def _valid(schema: Schema, value: JsonValue) -> bool:
    from jsonschema import Draft202012Validator

    # The stubs leave a parameter of it open.
    return Draft202012Validator(schema).is_valid(value)  # pyright: ignore[reportUnknownMemberType]


class _Maker:
    """Makes one answer; deep down, or when it grew large, all becomes as short as may be."""

    def __init__(self, root: Schema, draws: Draws, lists: float, optional: float) -> None:
        self._flattener = Flattener(root, draws)
        self._draws = draws
        self._lists = lists
        self._optional = optional
        self._left = _NODES

    def make(self, schema: JsonValue, depth: int = 0) -> JsonValue:
        """Make a value for a schema at a depth."""
        self._left -= depth > _DEEP
        flat = self._flattener.flat(schema, tight=self._tight(depth))
        if "const" in flat:
            return flat["const"]
        options = flat.get("enum")
        if isinstance(options, list) and options:
            return one_of(options, flat.get("x-share"), self._draws)
        return self._of_kind(self._kind(flat), flat, depth)

    def _tight(self, depth: int) -> bool:
        return depth >= _DEEPEST or (depth > _DEEP and self._left <= 0)

    def _kind(self, flat: Schema) -> str:
        if "type" not in flat:
            return next((kind for kind, signs in _SIGNS if not signs.isdisjoint(flat)), "string")
        options = kinds(flat["type"])
        plain = [kind for kind in options if kind != "null"]
        return self._draws.choice(plain) if plain and self._draws.below(8) else options[-1]

    def _of_kind(self, kind: str, flat: Schema, depth: int) -> JsonValue:
        if kind == "object":
            return self._object(flat, depth)
        if kind == "array":
            return self._array(flat, depth)
        if kind == "string":
            return text(flat, self._draws)
        if kind in {"integer", "number"}:
            return integer(flat, self._draws) if kind == "integer" else number(flat, self._draws)
        return yes(flat.get("x-share"), self._draws) if kind == "boolean" else None

    def _object(self, flat: Schema, depth: int) -> JsonValue:
        fields = flat.get("properties")
        known = fields if isinstance(fields, dict) else {}
        others = flat.get("additionalProperties", True)
        wanted = _strings(flat.get("required"))
        share = 0.0 if self._tight(depth) else self._optional
        low, high = _whole(flat.get("minProperties"), 0), _whole(flat.get("maxProperties"), 1 << 20)
        spare = [n for n in known if n not in wanted and known[n] is not False]
        spare = [n for n in spare if self._draws.unit() < share][: max(0, high - len(wanted))]
        chosen = {*wanted, *spare}
        names = [*(n for n in known if n in chosen), *(n for n in wanted if n not in known)]
        names += self._more(names, known, others, low)
        return {name: self.make(known.get(name, others), depth + 1) for name in names}

    def _more(self, names: list[str], known: Schema, others: JsonValue, low: int) -> Iterator[str]:
        """Give further names: up to the least number, or a few for an object that is a map."""
        if not known and isinstance(others, dict):
            low = max(low, len(names) + round(self._draws.geometric(_USUAL_ENTRIES) * self._lists))
        spare = [name for name in known if name not in names]
        for count in range(len(names), low):
            yield spare.pop() if spare else f"{word(self._draws)}_{count}"

    def _array(self, flat: Schema, depth: int) -> JsonValue:
        first = flat.get("prefixItems")
        fixed = first if isinstance(first, list) else []
        items, sample = flat.get("items", {}), flat.get("contains")
        if sample is not None:
            asked: JsonValue = {"allOf": [items, sample]}
            fixed = [*fixed, *[asked] * _whole(flat.get("minContains"), 1)]
        choices = items.get("enum") if isinstance(items, dict) else None
        if flat.get("uniqueItems") is True and isinstance(choices, list) and not fixed:
            # An order of given things: one by one it would hardly ever come to all of them.
            return self._draws.shuffled(choices)[: self._length(flat, 0, depth)]
        made: list[JsonValue] = []
        for index in range(self._length(flat, len(fixed), depth)):
            value = self.make(fixed[index] if index < len(fixed) else items, depth + 1)
            if flat.get("uniqueItems") is not True or _is_new(value, made):
                made.append(value)
        return made

    def _length(self, flat: Schema, fixed: int, depth: int) -> int:
        low, high = _whole(flat.get("minItems"), 0), _whole(flat.get("maxItems"), 1 << 20)
        low = max(low, fixed if "contains" in flat else 0)
        if flat.get("items") is False:
            high = min(high, fixed)
        wanted = (
            0.0 if self._tight(depth) else length(flat.get("x-expect"), self._draws) * self._lists
        )
        return max(low, min(high, round(wanted)))


_SIGNS = (
    ("object", {"properties", "required", "additionalProperties", "minProperties"}),
    ("array", {"items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"}),
    ("number", {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
)
"""What a schema without `type` speaks about."""


def _is_new(value: JsonValue, others: list[JsonValue]) -> bool:
    mine = json.dumps(value, sort_keys=True)
    return all(json.dumps(other, sort_keys=True) != mine for other in others)


def _strings(value: JsonValue) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []


def _whole(value: JsonValue, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default
