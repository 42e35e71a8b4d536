"""A registry's catalogue for other marketplaces, from its index and the bundles it lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket import paths
from hocket.api.protocols import Tree
from hocket.errors import NotFound, PackageRefused
from hocket.registry.bundles import bundle as bundles
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.bundles.inspection import Inspection
from hocket.registry.exports import catalogs
from hocket.registry.exports.skills import skill
from hocket.registry.indexes import index
from hocket.registry.indexes.index import FILE
from hocket.registry.sources.fetching import Fetcher
from hocket.registry.trees.digest import hk1

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.registry.indexes.rows import Row


def catalogue(kind: str, folder: Path) -> dict[str, bytes]:
    """Give the files of a catalogue by their paths; raises NotFound for what is no registry."""
    if not (folder / FILE).is_file():
        raise NotFound(str(folder), found=f"it has no {FILE}", expected="a registry")
    fetcher = Fetcher(paths.user_cache())
    # As it lies there: a catalogue is written beside what is not committed yet.
    content = (folder / FILE).read_bytes()
    read = index.read(content, _included(folder), str(folder / FILE))

    def exported(row: Row) -> Tree:
        if row.source is None:
            raise PackageRefused(str(row), ["it has no files"], "source")
        tree = fetcher.tree(str(row), row.source, str(folder), "")
        if hk1(tree) != row.digest:
            found = f"its files have {hk1(tree)}, {FILE} says {row.digest}"
            raise PackageRefused(str(row), [found], "digest")
        made = bundles.read(tree, row.name, lambda _tree: Inspection())
        if not isinstance(made, Bundle):
            raise PackageRefused(str(row), [str(one) for one in made], "manifest")
        return skill(made, tree)

    if kind == "well-known":
        return catalogs.well_known(read, exported)
    return catalogs.codex(read) if kind == "codex" else catalogs.claude(read)


def _included(folder: Path) -> Tree:
    found = sorted((folder / "packages").glob("*.toml"))
    return Tree(tuple(("f", f"packages/{one.name}", one.read_bytes()) for one in found))
