"""What a server offers otherwise than it did, so that a person can read it."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import TYPE_CHECKING

from hocket.api.inert import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket_plugins.tools.mcp.offer import Offer


def difference(before: Iterable[Offer], now: Iterable[Offer]) -> list[str]:
    """Write it line by line: `+` new, `-` gone, `~` changed; nothing when all is the same."""
    old, new = ({one.name: one for one in offers} for offers in (before, now))
    lines: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            lines.append(f"- {visible(name)}")
        elif name not in old:
            lines += [f"+ {visible(name)}", *(f"    {text}" for text in _written(new[name]))]
        elif old[name].pinned != new[name].pinned:
            changes = unified_diff(_written(old[name]), _written(new[name]), n=1, lineterm="")
            lines += [f"~ {visible(name)}", *(f"    {text}" for text in [*changes][2:])]
    return lines


def _written(offer: Offer) -> list[str]:
    """Write a tool down as a person reads it: all that a model is told, hidden characters too."""
    schema = json.dumps(dict(offer.input_schema), indent=1, sort_keys=True, ensure_ascii=False)
    claims = [f"(it claims: {json.dumps(dict(offer.claims))})"] if offer.claims else []
    lines = (*offer.description.split("\n"), *claims, *schema.split("\n"))
    return [visible(text) for text in lines if text]
