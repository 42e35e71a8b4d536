"""The catch: what was found, by which finders, and what checks made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.patterns.until_done.outlook import Outlook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

SUPPORTED = "supported"


@dataclass(slots=True)
class Find:
    """One item, whoever found it; only a supported one counts."""

    value: JsonValue
    seen_by: list[int] = field(default_factory=list[int])
    state: str = "unverified"
    cause: JsonValue = None


class Catch:
    """All items so far, in the order of the finders that first saw them."""

    def __init__(self) -> None:
        self.finders: list[int] = []
        """Numbers of those that answered."""
        self.finds: list[Find] = []
        self.merged: list[dict[str, JsonValue]] = []
        """What readers took for another item: by equal texts alone nothing is listed."""
        self._by_key: dict[str, Find] = {}

    def add(self, finder: int, key: str, value: JsonValue) -> None:
        """Count an item for a finder, once."""
        find = self._by_key.get(key)
        if find is None:
            find = self._by_key[key] = Find(value)
            self.finds.append(find)
        if finder not in find.seen_by:
            find.seen_by.append(finder)

    def merge(self, first: Sequence[int]) -> None:
        """Join finds to the first of their group; what was known before stays as it is."""
        joined: dict[int, Find] = {}
        for index, head in enumerate(first):
            if head != index:
                joined[id(self.finds[index])] = self._join(self.finds[head], self.finds[index])
        self.finds = [find for find in self.finds if id(find) not in joined]
        self._by_key = {key: joined.get(id(find), find) for key, find in self._by_key.items()}

    def _join(self, into: Find, find: Find) -> Find:
        into.seen_by = sorted({*into.seen_by, *find.seen_by})
        self.merged.append({"value": find.value, "into": into.value})
        return into

    @property
    def supported(self) -> list[Find]:
        """The items that count."""
        return [find for find in self.finds if find.state == SUPPORTED]

    def outlook(self, finders: int | None = None) -> Outlook:
        """Look ahead from all who answered, or from the first so many of them."""
        counted = {*self.finders[:finders]}
        sightings = (len(counted.intersection(find.seen_by)) for find in self.supported)
        return Outlook.of(len(counted), sightings)

    @property
    def empty(self) -> int:
        """How many finders at the end brought nothing new."""
        first = [min(find.seen_by) for find in self.supported]
        last = max(first, default=-1)
        return sum(finder > last for finder in self.finders)
