"""Names that a hurried reader takes for one that is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.naming.distance import is_within

if TYPE_CHECKING:
    from collections.abc import Collection

AFFIXES = ("official", "latest", "plus", "pro", "cli", "ai", "v2")
"""Words that make a name look like more of the same, the longest first."""
_SHORTEST_REST = 4
_SLIPS = ((10, 2), (5, 1))
"""From this length on, so many slips make a look-alike; shorter names are all alike."""


def similar(name: str, known: Collection[str]) -> str | None:
    """Give the known name that this one could be taken for; itself is none."""
    others = sorted(each for each in known if each != name)
    shapes, bare = _shapes(name), _without_affixes(name)
    for other in others:
        if _shapes(other) & (shapes | bare) or _without_affixes(other) & shapes:
            return other
    return next((other for other in others if is_within(_slips(name, other), name, other)), None)


def _shapes(name: str) -> set[str]:
    parts = name.split("-")
    return {"".join(parts), "".join(sorted(parts))}


def _without_affixes(name: str) -> set[str]:
    rest = "-".join(part for part in name.split("-") if part not in AFFIXES)
    glued = name.replace("-", "")
    cut = {glued.removesuffix(each) for each in AFFIXES}
    cut |= {glued.removeprefix(each) for each in AFFIXES}
    found = {each for each in cut if each != glued and len(each) >= _SHORTEST_REST}
    return found | (_shapes(rest) if rest not in {"", name} else set())


def _slips(name: str, other: str) -> int:
    shorter = min(len(name), len(other))
    return next((slips for length, slips in _SLIPS if shorter >= length), 0)
