"""Tells resolvelib what there is: needs, and the versions that meet them in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resolvelib import AbstractProvider

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from resolvelib.structs import RequirementInformation

    from hocket.registry.forms.ranges import Range
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Row
    from hocket.registry.resolving.rules import Bar, Rules
    from hocket.registry.resolving.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Need:
    """That some version of a package in a range has to be there."""

    key: str
    range: Range
    roots: frozenset[str]
    """The registries of the packages a person named that lead here."""
    trail: tuple[str, ...] = field(default=(), compare=False)
    """The versions that lead here, from what the person named; empty: they named it."""
    barred: str = ""
    """Why it may not be looked up."""

    def __str__(self) -> str:
        """Tell the chain as a sentence."""
        if not self.trail:
            return f"you asked for {self.key} {self.range}"
        return f"{' → '.join(self.trail)} needs {self.key} {self.range}"


@dataclass(frozen=True, slots=True)
class Pick:
    """A version as a candidate, reached from some roots."""

    key: str
    version: Version
    roots: frozenset[str]
    row: Row = field(compare=False)
    trail: tuple[str, ...] = field(default=(), compare=False)


class Provider(AbstractProvider[Need, Pick, str]):
    """What a shelf offers under the rules; always the same for the same."""

    def __init__(self, shelf: Shelf, rules: Rules) -> None:
        self._shelf, self._rules = shelf, rules
        self._suits: dict[tuple[str, Version], bool] = {}

    def identify(self, requirement_or_candidate: Need | Pick) -> str:
        """Name the package."""
        return requirement_or_candidate.key

    def get_preference(
        self,
        identifier: str,
        resolutions: Mapping[str, Pick],  # noqa: ARG002
        candidates: Mapping[str, Iterator[Pick]],  # noqa: ARG002
        information: Mapping[str, Iterator[RequirementInformation[Need, Pick]]],  # noqa: ARG002
        backtrack_causes: Sequence[RequirementInformation[Need, Pick]],
    ) -> tuple[bool, str]:
        """Take first what clashed last; else by name, so that nothing depends on an order."""
        clashed = any(
            identifier == cause.requirement.key
            or (cause.parent is not None and identifier == cause.parent.key)
            for cause in backtrack_causes
        )
        return not clashed, identifier

    def find_matches(
        self,
        identifier: str,
        requirements: Mapping[str, Iterator[Need]],
        incompatibilities: Mapping[str, Iterator[Pick]],
    ) -> list[Pick]:
        """List the candidates: the locked one, then the highest."""
        needs, failed = list(requirements[identifier]), set(incompatibilities[identifier])
        roots = frozenset[str]().union(*(need.roots for need in needs))
        # Nobody needs it any more where what needed it was taken back; resolvelib asks even so.
        trail = min((need.trail for need in needs), default=())
        picks = [
            Pick(identifier, row.version, roots, row, (*trail, f"{identifier} {row.version}"))
            for row in self.candidates(identifier, needs)
        ]
        return [pick for pick in picks if pick not in failed]

    def is_satisfied_by(self, requirement: Need, candidate: Pick) -> bool:
        """Whether a version meets a need, seen from all of its roots."""
        return requirement.roots <= candidate.roots and self.suits(requirement, candidate.row)

    def get_dependencies(self, candidate: Pick) -> list[Need]:
        """List what a version needs, each looked up where its dependent is."""
        return [
            self._need(candidate, wanted, within)
            for wanted, within in sorted(candidate.row.dependencies.items())
        ]

    def candidates(self, key: str, needs: Sequence[Need]) -> list[Row]:
        """List the rows of a package that meet all needs, the best first."""
        locked = self._rules.locked.get(key)
        pre = any(need.range.names_pre for need in needs)
        open_rows = (
            (self._rules.bar(key, row, pre=pre), row)
            for row in self._shelf.rows(key)
            if all(self.suits(need, row) for need in needs)
        )
        ranked = [(bar, row) for bar, row in open_rows if self._is_open(key, bar)]
        # What stands only because a bar was lifted comes last: it shall be named alone.
        ranked.sort(key=lambda one: (one[1].version != locked, one[0] is not None))
        return [row for _, row in ranked]

    def suits(self, need: Need, row: Row) -> bool:
        """Whether a range admits a version; who counts pre-releases is decided elsewhere."""
        known = (need.range.specifiers, row.version)
        if known not in self._suits:
            self._suits[known] = need.range.contains(row.version, pre=True)
        return self._suits[known] and not need.barred

    def _is_open(self, key: str, bar: Bar | None) -> bool:
        if self._shelf.is_withdrawn(key) and key not in self._rules.locked:
            return False
        return bar is None or bar is self._rules.lifted

    def _need(self, pick: Pick, wanted: str, within: Range) -> Need:
        registry = pick.key.partition("/")[0]
        named = wanted if "/" in wanted else f"{registry}/{wanted}"
        barred = self._shelf.barrier(registry, wanted, pick.roots)
        return Need(self.current(named), within, pick.roots, pick.trail, barred)

    def current(self, key: str) -> str:
        """Follow renames, but for what is locked under its old name."""
        return key if key in self._rules.locked else self._shelf.current(key)
