"""How many calls a search makes: what to expect, and what it can never exceed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.grouping import most_reader_calls, reader_calls

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket_plugins.patterns.until_done.search import Search

FINDERS = 15
"""So many are usual before further ones stop to pay."""
ITEMS = 5
"""What one finder gives when its schema does not say what to expect."""
OVERLAP = 2
"""All finders together find about so many times what one of them gives."""
NORMAL_LEAD = 2
"""That of claims whose importance no lead is given for, too."""
LARGEST_LEAD = 4
VOTES = 1.5
"""Votes that a claim takes, for each vote of lead."""


def forecast(search: Search) -> CallCount:
    """Count finders, readers and votes; at worst every finder fills its list with new items."""
    finders = max(search.first, min(FINDERS, search.max_agents))
    items = math.ceil(OVERLAP * _expected(search))
    asked: float = finders
    worst = search.max_agents
    if search.same is not None:
        asked += reader_calls(items).expected
        worst += _readers(search)
    if search.verify is not None:
        asked += items * VOTES * _lead(search.verify)
        worst += _votes(search.verify) * (search.max_agents * search.most + _controls(search))
    bound = worst if search.max_calls is None else min(worst, search.max_calls)
    return CallCount(min(asked, bound), bound)


def _readers(search: Search) -> int:
    waves = 1 + math.ceil((search.max_agents - search.first) / search.wave)
    new = max(search.first, search.wave) * search.most
    return waves * most_reader_calls(new, search.max_agents * search.most)


def _votes(verify: JsonObject) -> int:
    """Bound the calls for one claim; a screen's doubt asks for a greater lead."""
    cap, spares = verify.get("cap"), verify.get("spares")
    most = cap if isinstance(cap, int) else 3 * (_lead(verify) + bool(verify.get("screen")))
    most = max(2, most)  # a control claim gets a pair of votes at least
    return most + (spares if isinstance(spares, int) else math.ceil(most / 2))


def _lead(verify: JsonObject) -> int:
    lead = verify.get("lead", NORMAL_LEAD)
    told = [*lead.values(), NORMAL_LEAD] if isinstance(lead, dict) else [lead]
    return max(one if isinstance(one, int) else LARGEST_LEAD for one in told)


def _controls(search: Search) -> int:
    controls = (search.verify or {}).get("controls")
    return len(controls) if isinstance(controls, list) else 0


def _expected(search: Search) -> float:
    """Read what the schema expects of a list: a number, the ends of a range, or lengths."""
    told: JsonValue = search.listed.get("x-expect")
    told = told.get("any") if isinstance(told, dict) else told
    numbers = [
        n for n in (told if isinstance(told, list) else [told]) if isinstance(n, int | float)
    ]
    return sum(numbers) / len(numbers) if numbers else min(ITEMS, search.most)
