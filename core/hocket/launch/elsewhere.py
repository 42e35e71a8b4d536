"""Packages from places of other kinds, which plugins know: their bytes pass the same checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import NotFound
from hocket.registry.forms.names import quoted
from hocket.registry.indexes.rows import Source
from hocket.registry.sources.fetching import Fetcher
from hocket.registry.sources.typed import Typed
from hocket.registry.trees.intake import checked

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.protocols import Tree
    from hocket.host import PluginHost

_OWN = (".", "/", "~", "git+", "https://")
"""How a place begins that hocket itself can read."""


class Everywhere(Fetcher):
    """Fetches as ever, and asks the plugins about what hocket does not know itself."""

    host: PluginHost

    def tree(self, who: str, source: Source, url: str, rev: str) -> Tree:
        """Fetch the files of a version."""
        return self._asked(source.plugin) if source.plugin else super().tree(who, source, url, rev)

    def typed(self, spec: str, project: Path | None) -> Typed:
        """Fetch what a person typed the place of."""
        if spec.startswith(_OWN):
            return super().typed(spec, project)
        source = Source(plugin=spec)
        return Typed(spec.rpartition("/")[2], str(source), source, self._asked(spec))

    def _asked(self, spec: str) -> Tree:
        tree = self.host.resolve_bundle(spec)
        if tree is None:
            raise NotFound(
                quoted(spec),
                found="no plugin here knows this place",
                expected="NAME, ./folder, git+https://…@REV or https://….zip#sha256=…",
                hint="What is installed: hocket plugins list",
            )
        return checked(quoted(spec), tree)
