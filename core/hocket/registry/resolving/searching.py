"""Searches versions one after the other, leaving out nothing: slow, but it ends with the truth.

resolvelib forgets needs when it picks a package anew, above all where packages need each other in a
ring: then it may give up although there is a way, or end with picks that do not go together. So
what it says is only believed after this.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.registry.resolving.provider import Pick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hocket.registry.resolving.provider import Need, Provider

MOST_STEPS = 1000


class Search:
    """One search from the needs of a person; a package is picked only once something needs it."""

    def __init__(self, provider: Provider, needs: Sequence[Need]) -> None:
        self._provider, self._needs, self._left = provider, needs, MOST_STEPS

    def found(self, picks: Mapping[str, Pick] | None = None) -> dict[str, Pick] | None:
        """Give picks that go together; None: there are none, or none in so many steps."""
        picks = picks or {}
        self._left -= 1
        needs = self._reached(picks)
        if self._left < 0 or any(self._broken(picks, needs)):
            return None
        open_ones = {
            key: self._provider.candidates(key, wanted)
            for key, wanted in needs.items()
            if key not in picks
        }
        if not open_ones:
            return dict(picks)
        # Where little is left to choose it is soon told that nothing is.
        missing = min(open_ones, key=lambda key: (len(open_ones[key]), key))
        for row in open_ones[missing]:
            pick = Pick(missing, row.version, frozenset(), row)
            if solution := self.found({**picks, missing: pick}):
                return solution
        return None

    def faults(self, picks: Mapping[str, Pick]) -> list[Need]:
        """Give the needs that picks do not meet together; empty: they are a solution."""
        return list(self._broken(picks, self._reached(picks)))

    def _reached(self, picks: Mapping[str, Pick]) -> dict[str, list[Need]]:
        """Collect all needs by package, each from every root that leads there."""
        needs: dict[str, list[Need]] = {}
        waiting, seen = list(self._needs), set[tuple[str, str, frozenset[str]]]()
        while waiting:
            need = waiting.pop()
            mark = (need.key, need.range.text, need.roots)
            if mark in seen:
                needs[need.key].append(need)
                continue
            seen.add(mark)
            needs.setdefault(need.key, []).append(need)
            if pick := picks.get(need.key):
                waiting += self._provider.get_dependencies(replace(pick, roots=need.roots))
        return needs

    def _broken(
        self, picks: Mapping[str, Pick], needs: Mapping[str, Sequence[Need]]
    ) -> Iterator[Need]:
        # More picks only add needs, so what is broken once stays broken.
        for key, wanted in needs.items():
            for need in wanted:
                is_met = key not in picks or self._provider.suits(need, picks[key].row)
                if need.barred or not is_met:
                    yield need
