"""How many calls a fan-out makes."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.grouping import reader_calls

if TYPE_CHECKING:
    from hocket_plugins.patterns.fan_out.arguments import FanOutArguments


def forecast(given: FanOutArguments) -> CallCount:
    """Count one call for each batch; at worst all fail once and all break what must hold."""
    count = sum(item is not None for item in given.items)
    batches, after = ceil(count / given.batch), _after(given, count)
    again = 2 * count * given.attempts if given.invariants else 0
    worst = 2 * batches + again + after.worst
    most = worst if given.max_calls is None else given.max_calls
    return CallCount(min(batches + after.expected, most), min(worst, most))


def _after(given: FanOutArguments, count: int) -> CallCount:
    """Count the readers of `merge` and the levels of `synthesize`.

    At worst every answer fills a prompt of its own.
    """
    readers = reader_calls(count) if (given.merge or {}).get("same") else CallCount(0, 0)
    if given.synthesize is None or not count:
        return readers
    expected = _levels(ceil(count / given.width), given.width)
    worst = 2 * _levels(count, given.width) + 1
    return CallCount(readers.expected + expected, readers.worst + worst)


def _levels(first: int, width: int) -> int:
    return first if first <= 1 else first + _levels(ceil(first / width), width)
