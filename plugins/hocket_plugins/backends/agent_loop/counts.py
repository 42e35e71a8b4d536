"""A usage as a line of the transcript has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue


def counts(usage: Usage) -> dict[str, JsonValue]:
    """Write what was counted; what is rare is left out where it is nothing."""
    fields: dict[str, JsonValue] = {
        "input": usage.input,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "cache_write_1h": usage.cache_write_1h,
        "output": usage.output,
        "cost_micros": usage.cost_micros,
    }
    if usage.reasoning:
        fields["reasoning"] = usage.reasoning
    if usage.searches:
        fields["searches"] = usage.searches
    if usage.estimated:
        fields["estimated"] = True
    return fields


def read_counts(fields: Mapping[str, JsonValue]) -> Usage:
    """Read what `counts` wrote; what is missing is 0."""
    known = {name: value for name, value in fields.items() if isinstance(value, int)}
    cost = fields.get("cost_micros")
    return Usage(
        input=known.get("input", 0),
        cache_read=known.get("cache_read", 0),
        cache_write=known.get("cache_write", 0),
        output=known.get("output", 0),
        cost_micros=cost if isinstance(cost, int) else None,
        estimated=bool(fields.get("estimated")),
        cache_write_1h=known.get("cache_write_1h", 0),
        reasoning=known.get("reasoning", 0),
        searches=known.get("searches", 0),
    )
