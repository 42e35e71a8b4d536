"""Explains why no versions go together: the two chains that clash, and what would help."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hocket.errors import HocketError, NoSolution, StructureError
from hocket.registry.resolving.provider import Need, Provider

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.registry.resolving.rules import Rules
    from hocket.registry.resolving.shelf import Shelf

_MOST_TOLD = 3


def explained(causes: Iterable[Need], shelf: Shelf, rules: Rules, remedy: str) -> HocketError:
    """Make the error for what clashed last: StructureError if something may not be looked up."""
    needs = sorted(set(causes), key=lambda need: (need.key, need.trail, str(need.range)))
    barred = [need for need in needs if need.barred]
    if barred:
        who, told = barred[0].trail[-1], f"it needs {barred[0].key}, but {barred[0].barred}"
        hint = "Nothing was installed: a dependency never comes from a registry nobody named."
        return StructureError(who, found=told, hint=hint)
    clash = _clash(needs, Provider(shelf, rules))
    key, chains = clash[0].key, tuple(str(need) for need in clash)
    found = "no version suits both" if len(clash) > 1 else "no version suits"
    helpful = f"This would solve it: {remedy}" if remedy else _passed_over(clash, shelf, rules)
    return NoSolution(key, found=found, chains=chains, hint=helpful)


def _clash(needs: Sequence[Need], provider: Provider) -> tuple[Need, ...]:
    """Find one need that nothing meets, else two of one package that nothing meets together."""
    for need in needs:
        if not provider.candidates(need.key, [need]):
            return (need,)
    for one, other in combinations(needs, 2):
        if one.key == other.key and not provider.candidates(one.key, [one, other]):
            return one, other
    return tuple(needs[:2])


def _passed_over(clash: Sequence[Need], shelf: Shelf, rules: Rules) -> str:
    key, pre = clash[0].key, any(need.range.names_pre for need in clash)
    if shelf.is_withdrawn(key):
        return f"{key} was withdrawn by its registry."
    told = ((row, rules.bar(key, row, pre=pre)) for row in shelf.rows(key))
    why = [rules.why(key, row, bar) for row, bar in told if bar is not None]
    if not shelf.has(key):
        why = [f"no registry at hand has {key}"]
    return "; ".join((*why[:_MOST_TOLD], *shelf.hidden(key)[:_MOST_TOLD]))
