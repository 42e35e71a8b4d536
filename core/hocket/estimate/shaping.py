"""Tells the simulated agents what answers to expect: lengths of lists, shares of values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hocket.estimate.priors import VOTES
from hocket.estimate.samples import EACH
from hocket.journal.records import encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.calls import Call, JsonObject
    from hocket.estimate.chance import Chance
    from hocket.estimate.samples import Experience, Place

FEW = 5
"""So few lengths are spread out: what was seen is not all there is."""
FAIL, _FAIL_WEIGHT = 0.03, 10
"""The share of calls that fail while nobody knows, and how many calls outweigh it."""
TRUE, AGREED = 0.6, 0.9
"""Easy votes: the first side is right so often, and voters agree with what is right so often."""


def failing(known: Experience) -> float:
    """Give the share of calls that fail."""
    return (known.failed + FAIL * _FAIL_WEIGHT) / (known.ended + _FAIL_WEIGHT)


class Shaping:
    """Rewrites schemas; siblings share the rewritten one."""

    def __init__(self, most: Mapping[str, int]) -> None:
        self._most = most
        """The greatest length of lists of a name, where somebody asks what it would save."""
        self._done: dict[tuple[int, int, int], tuple[JsonObject, JsonObject]] = {}

    def shaped(self, call: Call, known: Experience, chance: Chance) -> JsonObject | None:
        """Give the call's schema with what is to be expected of its answer."""
        schema = call.options.schema
        if schema is None:
            return None
        role = call.options.role or schema.get("x-role")
        side = _side(call, chance) if role in VOTES else -1
        key = (id(schema), id(known), side)
        done = self._done.get(key)
        if done is None or done[0] is not schema:
            rewritten = _Rewriting(known, side, self._most).of(schema, ())
            done = self._done[key] = (schema, rewritten)
        return done[1]


def _side(call: Call, chance: Chance) -> int:
    """Say which side is right about the item: the same for all that vote on it in one draw."""
    if call.options.item is None:
        return int(chance.unit() >= TRUE)
    return int(chance.of(encode(call.options.item)).unit() >= TRUE)


class _Rewriting:
    """One schema, place by place."""

    def __init__(self, known: Experience, side: int, most: Mapping[str, int]) -> None:
        self._known = known
        self._side = side
        self._most = most

    def of(self, schema: JsonObject, place: Place) -> JsonObject:
        new = dict(schema)
        fields, items = schema.get("properties"), schema.get("items")
        if isinstance(fields, dict):
            new["properties"] = {
                name: self._inner(inner, (*place, name)) for name, inner in fields.items()
            }
        if items is not None or schema.get("type") == "array":
            new |= self._length(schema, place)
        if items is not None:
            new["items"] = self._inner(items, (*place, EACH))
        if isinstance(options := schema.get("enum"), list):
            new |= self._shares(options, place)
        elif schema.get("type") == "boolean":
            new |= self._share(place)
        return new

    def _inner(self, schema: JsonValue, place: Place) -> JsonValue:
        return self.of(schema, place) if isinstance(schema, dict) else schema

    def _length(self, schema: JsonObject, place: Place) -> JsonObject:
        seen = self._known.lengths.get(place)
        name = place[-1] if place else ""
        expect: JsonObject = {"x-expect": {"any": [*spread(seen)]}} if seen else {}
        if name in self._most:
            high = schema.get("maxItems")
            limit = self._most[name]
            expect["maxItems"] = min(limit, high) if isinstance(high, int) else limit
            low = schema.get("minItems")
            expect |= {"minItems": min(limit, low)} if isinstance(low, int) else {}
        return expect

    def _shares(self, options: list[JsonValue], place: Place) -> JsonObject:
        if self._side >= 0 and len(options) > 1:
            rest = (1 - AGREED) / (len(options) - 1)
            return {"x-share": [AGREED if n == self._side else rest for n in range(len(options))]}
        seen = self._known.shares.get(place, Counter())
        weights: list[JsonValue] = [seen[encode(option)] for option in options]
        return {"x-share": weights} if any(weights) else {}

    def _share(self, place: Place) -> JsonObject:
        if self._side >= 0:
            return {"x-share": 1 - AGREED if self._side else AGREED}
        seen = self._known.shares.get(place, Counter())
        total = seen["true"] + seen["false"]
        return {"x-share": seen["true"] / total} if total else {}


def spread(seen: Sequence[int]) -> list[int]:
    """Give lengths to draw from: those that were seen, and beside few also less and more."""
    if len(seen) >= FEW:
        return [*seen]
    return [round(length * factor) for length in seen for factor in (0.6, 0.8, 1.0, 1.25, 1.6)]
