"""Numbers for a schema: within bounds, and a multiple where one is asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hocket_plugins.backends.simulate.schema import NoAnswer

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.backends.simulate.draws import Draws

    Schema = dict[str, JsonValue]

_TRIES = 50
_USUAL = 100


def integer(schema: Schema, draws: Draws) -> int:
    """Draw a whole number that fits; raises NoAnswer."""
    low, high = _bounds(schema, _USUAL)
    step = _number(schema.get("multipleOf"), 1)
    stride = int(step) if step == int(step) else 1
    first, last = math.ceil(low / stride), math.floor(high / stride)
    if first > last:
        # A bound may lie between two multiples only because the other was a usual one.
        first, last = (first, first) if "maximum" not in schema else (last, last)
    for _ in range(_TRIES):
        value = draws.between(first, last) * stride
        if _fits(value, schema):
            return value
    raise NoAnswer("no whole number fits the schema")


def number(schema: Schema, draws: Draws) -> float:
    """Draw a number that fits, short where it can be; raises NoAnswer."""
    step = schema.get("multipleOf")
    if step is not None:
        return _multiple(schema, _number(step, 1), draws)
    low, high = _bounds(schema, 1)
    for _ in range(_TRIES):
        exact = low + draws.unit() * (high - low)
        for value in (round(exact, 2), exact):
            if _fits(value, schema):
                return value
    raise NoAnswer("no number fits the schema")


def _multiple(schema: Schema, step: float, draws: Draws) -> float:
    low, high = _bounds(schema, _USUAL * step)
    first, last = math.ceil(low / step), math.floor(high / step)
    for _ in range(_TRIES if first <= last else 0):
        value = draws.between(first, last) * step
        if _fits(value, schema):
            return value
    raise NoAnswer("no multiple fits the schema")


def _bounds(schema: Schema, usual: float) -> tuple[float, float]:
    """Give both ends; an absent one is put a usual distance from the other, or at 0."""
    lows = [_number(schema[name], 0) for name in ("minimum", "exclusiveMinimum") if name in schema]
    highs = [_number(schema[name], 0) for name in ("maximum", "exclusiveMaximum") if name in schema]
    if lows:
        low = max(lows)
        return low, min(highs, default=low + max(usual, abs(low)))
    high = min(highs, default=usual)
    return min(0, high - usual) if high < 0 else 0, high


def _fits(value: float, schema: Schema) -> bool:
    step = _number(schema.get("multipleOf"), 0)
    within = (
        value >= _number(schema.get("minimum"), -math.inf)
        and value <= _number(schema.get("maximum"), math.inf)
        and value > _number(schema.get("exclusiveMinimum"), -math.inf)
        and value < _number(schema.get("exclusiveMaximum"), math.inf)
    )
    # Not `%`: validators divide, and 0.3 is no multiple of 0.1 to them.
    return within and (not step or value / step == int(value / step))


def _number(value: JsonValue, default: float) -> float:
    return value if isinstance(value, int | float) else default
