"""Fetches what was decided on and checks all of it, before anybody is asked anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.registry.planning import commands
from hocket.registry.planning.checking import check
from hocket.registry.plugins import requirements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.protocols import Tree
    from hocket.registry.installing.plan import Parcel
    from hocket.registry.installing.store import Store
    from hocket.registry.planning.checking import Ground
    from hocket.registry.planning.sought import Sought
    from hocket.registry.sources.fetching import Fetcher


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where files come from."""

    fetcher: Fetcher
    store: Store
    trees: Mapping[str, Tree] = field(default_factory=dict[str, "Tree"])
    """By REGISTRY/NAME, what is there already."""

    def parcels(
        self, sought: Iterable[Sought], ground: Ground, taken: Mapping[str, str]
    ) -> list[Parcel]:
        """Fetch everything, then check everything; `taken` says what is whose.

        What is locked comes first, so that a clash is told of what is new.
        """
        fetched = [(one, self._tree(one)) for one in sorted(sought, key=_newest_last)]
        parcels: list[Parcel] = []
        for one, tree in fetched:
            others = {**taken, **commands.owners(parcels)}
            parcels.append(check(one, tree, ground, others))
        return sorted(parcels, key=lambda parcel: parcel.key)

    def _tree(self, sought: Sought) -> Tree:
        if sought.key in self.trees:
            return self.trees[sought.key]
        if sought.row.wheels:
            return requirements.tree(sought.row)
        digest = sought.row.digest or (sought.pinned.digest if sought.pinned else "")
        kept = self.store.get(digest) if digest else None
        if kept is not None or sought.row.source is None:
            return kept or requirements.tree(sought.row)
        return self.fetcher.tree(sought.who, sought.row.source, sought.url, sought.rev)


def _newest_last(one: Sought) -> tuple[bool, str]:
    return one.locked is None, one.key
