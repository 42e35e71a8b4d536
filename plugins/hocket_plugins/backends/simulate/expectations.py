"""What a schema says about its answers beside what is allowed: `x-expect` and `x-share`.

| keyword | of | says |
|---|---|---|
| `x-expect` | an array | its length: a number, `[low, high]`, or `{"any": [lengths]}` |
| `x-share` | an `enum` | a weight for each of its values, in their order |
| `x-share` | a boolean | the share of true |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.backends.simulate.draws import Draws

_USUAL_LENGTH = 5.0


def length(expect: JsonValue, draws: Draws) -> float:
    """Draw how long a list is; what is not understood says nothing."""
    if isinstance(expect, int | float):
        return expect
    if isinstance(expect, list) and len(expect) == 2:  # noqa: PLR2004  a low and a high
        low, high = _whole(expect[0]), _whole(expect[1])
        return draws.between(low, max(low, high))
    some = expect.get("any") if isinstance(expect, dict) else None
    if isinstance(some, list) and some:
        return _whole(draws.choice(some))
    return draws.geometric(_USUAL_LENGTH)


def one_of(options: list[JsonValue], share: JsonValue, draws: Draws) -> JsonValue:
    """Draw a value of an enum; weights that do not fit its values are passed over."""
    weights = [_weight(one) for one in share] if isinstance(share, list) else []
    total = sum(weights)
    if len(weights) != len(options) or total <= 0:
        return draws.choice(options)
    left = draws.unit() * total
    for option, weight in zip(options, weights, strict=True):
        left -= weight
        if left < 0:
            return option
    return next(one for one, weight in zip(options[::-1], weights[::-1], strict=True) if weight)


def yes(share: JsonValue, draws: Draws) -> bool:
    """Draw a boolean."""
    return draws.unit() < share if isinstance(share, int | float) else bool(draws.below(2))


def _weight(value: JsonValue) -> float:
    return max(0.0, value) if isinstance(value, int | float) else 0.0


def _whole(value: JsonValue) -> int:
    return int(value) if isinstance(value, int | float) else 0
