"""Where words from outside stand in a result, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.policies.quarantine import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket_plugins.policies.quarantine.vault import Content

    Names = tuple[str, ...]


@dataclass(slots=True)
class Marks:
    """The JSON pointers of texts, each with the names of its sources."""

    outside: dict[str, Names] = field(default_factory=dict[str, "Names"])
    _named: dict[Names, Names] = field(default_factory=dict["Names", "Names"])
    """Lists of sources as names: one value may have thousands of texts."""

    def set(self, place: str, contents: Iterable[Content | None]) -> None:
        """Mark a place, or add to its sources; of a lost content nobody knows any."""
        found = {self.outside.get(place, ()), *(self._names(one) for one in contents if one)}
        found.discard(())
        only = found.pop() if len(found) == 1 else ()
        self.outside[place] = only or tuple(sorted({name for names in found for name in names}))

    def _names(self, content: Content) -> Names:
        sources = content.sources
        if sources not in self._named:
            self._named[sources] = tuple(sorted({*map(words.name, sources)}))
        return self._named[sources]


def pointed(place: str, name: str) -> str:
    """Give the pointer of what stands under a name."""
    return f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
