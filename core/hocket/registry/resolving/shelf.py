"""The registries at hand, by their local names, and where a name is looked up in them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.errors import NotFound, PackageRefused, UsageError
from hocket.registry.forms.names import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.index import Index
    from hocket.registry.indexes.rows import Row

_NEAREST = 3


class Shelf:
    """Indexes by local name; a package is REGISTRY/NAME here."""

    def __init__(self, indexes: Mapping[str, Index]) -> None:
        self._indexes = dict(sorted(indexes.items()))

    def rows(self, key: str) -> tuple[Row, ...]:
        """List the versions of a package, the highest first."""
        registry, _, name = key.partition("/")
        return self._indexes[registry].rows(name) if registry in self._indexes else ()

    def hidden(self, key: str, above: Version | None = None) -> list[str]:
        """Say which versions of a package, perhaps only newer ones, are not understood here."""
        registry, _, name = key.partition("/")
        own = self._indexes[registry].hidden if registry in self._indexes else ()
        mine = [one for one in own if one.name == name]
        return [one.sentence(registry) for one in mine if above is None or one.version > above]

    def current(self, key: str) -> str:
        """Follow renames; what was withdrawn, or is in no registry, keeps its name."""
        registry, _, name = key.partition("/")
        index = self._indexes.get(registry)
        now = index.current(name) if index else ""
        return f"{registry}/{now}" if now else key

    def is_withdrawn(self, key: str) -> bool:
        """Whether a package was taken back as a whole."""
        registry, _, name = key.partition("/")
        return registry in self._indexes and self._indexes[registry].current(name) == ""

    def has(self, key: str) -> bool:
        """Whether a registry at hand knows a package, under whatever name."""
        registry, _, name = key.partition("/")
        index = self._indexes.get(registry)
        return index is not None and (name in index.packages or name in index.renames)

    def qualify(self, typed: str) -> str:
        """Find the package a person means; a name in two registries has to be said in full."""
        if "/" in typed:
            found = [typed] if self.has(typed) else []
        else:
            found = [key for key in (f"{one}/{typed}" for one in self._indexes) if self.has(key)]
        if len(found) > 1:
            raise UsageError(
                quoted(typed), found="is in two registries", expected=" or ".join(found)
            )
        if not found and (why := self._barred(typed)):
            raise PackageRefused(typed, [why], "manifest")
        if not found:
            raise NotFound(quoted(typed), found="no registry has it", hint=self._nearest(typed))
        return found[0]

    def _barred(self, typed: str) -> str:
        registry, _, name = typed.rpartition("/")
        own = (one for key, one in self._indexes.items() if registry in {"", key})
        return next((one.barred[name] for one in own if name in one.barred), "")

    def barrier(self, registry: str, wanted: str, roots: Collection[str]) -> str:
        """Say why a dependency may not be looked up; empty: it is in the one place it may be.

        `roots` are the registries of the packages the person named that lead to it: they alone
        decide which other registries are asked.
        """
        other, slash, name = wanted.rpartition("/")
        place = other if slash else registry
        for root in sorted(roots):
            if place != registry and place not in self._indexes[root].allows:
                return f"{place} is not in allow-dependencies-from of {root}"
        if place not in self._indexes:
            return f"the registry {place} is not added here"
        if self.has(f"{place}/{name}"):
            return ""
        elsewhere = [one for one in self._indexes if one != place and self.has(f"{one}/{name}")]
        told = f"{place} has no package of this name"
        if not elsewhere:
            return told
        return f"{told}; that of {elsewhere[0]} is another one, and is not asked"

    def _nearest(self, typed: str) -> str:
        wanted = typed.rpartition("/")[2]
        keys = [f"{one}/{name}" for one, index in self._indexes.items() for name in index.packages]
        near = get_close_matches(wanted, sorted({key.partition("/")[2] for key in keys}), _NEAREST)
        told = [key for name in near for key in keys if key.endswith(f"/{name}")][:_NEAREST]
        return f"Did you mean {', '.join(told)}?" if told else ""
