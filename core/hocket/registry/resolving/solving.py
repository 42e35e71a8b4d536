"""Finds versions that go together: the same answer for the same question, whatever its order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from resolvelib import BaseReporter, ResolutionImpossible, ResolutionTooDeep
from resolvelib.resolvers import RequirementInformation, Resolution

from hocket.errors import NoSolution
from hocket.registry.resolving.conflict import explained
from hocket.registry.resolving.provider import Need, Pick, Provider
from hocket.registry.resolving.rules import Bar
from hocket.registry.resolving.searching import Search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.registry.forms.ranges import Range
    from hocket.registry.indexes.rows import Row
    from hocket.registry.resolving.rules import Rules
    from hocket.registry.resolving.shelf import Shelf

ROUNDS = 1000
_LIFTED = (Bar.HELD, Bar.PRE, Bar.YANKED)


@dataclass(frozen=True, slots=True)
class Solution:
    """One version of each package that is needed, by REGISTRY/NAME, sorted."""

    rows: Mapping[str, Row]
    needs: Mapping[str, tuple[str, ...]]
    """What each needs, as it is called now."""
    requested: Mapping[str, Range]
    """What a person asked for, as it is called now."""
    renamed: Mapping[str, str]
    """Old names that were asked for, with the new."""
    notes: tuple[str, ...] = ()
    """Higher versions that were passed over and why; yanked ones that stay because of the lock."""


def solve(wishes: Mapping[str, Range], shelf: Shelf, rules: Rules) -> Solution:
    """Solve for what a person asked for, by REGISTRY/NAME.

    Raises NoSolution with the chains that clash, and StructureError where a dependency may not be
    looked up at all.
    """
    try:
        return _solve(wishes, shelf, rules)
    except ResolutionTooDeep as cause:
        found = f"no solution found in {ROUNDS} rounds"
        raise NoSolution("install", found=found) from cause
    except ResolutionImpossible as cause:  # pyright: ignore[reportUnknownVariableType]
        told = cast("ResolutionImpossible[Need, Pick]", cause)
        causes = [one.requirement for one in told.causes]
        remedy = next(filter(None, (_remedy(wishes, shelf, rules, bar) for bar in _LIFTED)), "")
        raise explained(causes, shelf, rules, remedy) from cause


def _solve(wishes: Mapping[str, Range], shelf: Shelf, rules: Rules) -> Solution:
    provider = Provider(shelf, rules)
    wanted = {key: (provider.current(key), wishes[key]) for key in sorted(wishes)}
    needs = [
        Need(now, within, frozenset((now.partition("/")[0],))) for now, within in wanted.values()
    ]
    found = _picked(provider, needs)
    edges = _reached([need.key for need in needs], found, provider)
    solution = Solution(
        rows={key: found[key].row for key in sorted(edges)},
        needs=edges,
        requested=dict(reversed(wanted.values())),
        renamed={old: now for old, (now, _) in wanted.items() if old != now},
    )
    return replace(solution, notes=tuple(_notes(solution, shelf, rules)))


def _picked(provider: Provider, needs: Sequence[Need]) -> Mapping[str, Pick]:
    """Solve quickly, and search where the quick answer is none, or is wrong."""
    # Not by `Resolver`: its result asks each package for its way to a root, without end where a
    # ring of packages is left over that nobody needs any more.
    resolution: Resolution[Need, Pick, str] = Resolution(provider, BaseReporter())
    search = Search(provider, needs)
    try:
        found: Mapping[str, Pick] = resolution.resolve(needs, max_rounds=ROUNDS).mapping
        faults = search.faults(found)
    except ResolutionImpossible:
        if searched := search.found():
            return searched
        raise
    if faults and (found := search.found() or {}) == {}:
        causes = [RequirementInformation[Need, Pick](need, None) for need in faults]
        raise ResolutionImpossible(causes)
    return found


def _reached(
    waiting: list[str], found: Mapping[str, Pick], provider: Provider
) -> dict[str, tuple[str, ...]]:
    edges = dict[str, tuple[str, ...]]()
    while waiting:
        key = waiting.pop()
        if key not in edges:
            needs = provider.get_dependencies(found[key])
            edges[key] = tuple(sorted({need.key for need in needs}))
            waiting += edges[key]
    return dict(sorted(edges.items()))


def _notes(solution: Solution, shelf: Shelf, rules: Rules) -> list[str]:
    told: list[str] = []
    for key, chosen in solution.rows.items():
        if chosen.yanked is not None:
            told.append(f"{key} {chosen.version} is yanked: {chosen.yanked}")
        higher = (row for row in shelf.rows(key) if row.version > chosen.version)
        bars = ((row, rules.bar(key, row, pre=rules.pre)) for row in higher)
        told += [rules.why(key, row, bar) for row, bar in bars if bar and bar is not Bar.PRE]
        told += shelf.hidden(key, above=chosen.version)
    return told


def _remedy(wishes: Mapping[str, Range], shelf: Shelf, rules: Rules, bar: Bar) -> str:
    """Name the versions that would solve it if one bar did not hold; empty: it would not."""
    try:
        solution = _solve(wishes, shelf, replace(rules, lifted=bar))
    except (ResolutionImpossible, ResolutionTooDeep):
        return ""
    barred = (
        rules.why(key, row, bar)
        for key, row in solution.rows.items()
        if rules.bar(key, row, pre=rules.pre or bar is not Bar.PRE) is bar
    )
    return "; ".join(barred)
