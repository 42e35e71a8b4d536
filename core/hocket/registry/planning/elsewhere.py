"""Packages of no registry: made into rows out of their own manifests, and into an index of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.bundles import bundle as bundles
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.forms.problem import MANIFEST
from hocket.registry.indexes.index import Index
from hocket.registry.indexes.rows import Kind, Package, Row
from hocket.registry.locks.local import LOCAL, key_of
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.intake import checked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hocket.api.protocols import Tree
    from hocket.registry.bundles.inspection import Inspect
    from hocket.registry.indexes.rows import Source


UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Local:
    """A package whose files are there already."""

    row: Row
    tree: Tree

    @property
    def key(self) -> str:
        """Name it as a lock does."""
        return key_of(self.row.name)


def local(who: str, source: Source, tree: Tree, inspect: Inspect, now: datetime) -> Local:
    """Make a row of what a bundle says of itself; raises PackageRefused with all its problems."""
    found = bundles.read(checked(who, tree), _called(tree), inspect)
    if not isinstance(found, Bundle):
        raise PackageRefused(who, [str(one) for one in found], "manifest")
    manifest = found.manifest
    row = Row(
        name=manifest.name,
        version=manifest.version,
        kind=Kind.BUNDLE,
        published=now,
        digest=hk1(tree),
        requires_hocket=manifest.requires_hocket,
        size=sum(len(content) for _kind, _path, content in tree.entries),
        files=len(tree.entries),
        commands=tuple(one.name for one in manifest.commands),
        dependencies=manifest.dependencies,
        capabilities=manifest.ceiling,
        source=source,
    )
    return Local(row, tree)


def _called(tree: Tree) -> str:
    """Give the name by the manifest: the folder of a whole repository is called anything."""
    raw = next((content for _kind, path, content in tree.entries if path == MANIFEST), b"")
    try:
        told = tomllib.loads(raw.decode()).get("name")
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, str) and told else UNNAMED


def index_of(locals_: Iterable[Local], registries: Iterable[str], now: datetime) -> Index:
    """Offer them like a registry; a person named them, so they may need what any registry has."""
    packages = {
        one.row.name: Package(one.row.name, Kind.BUNDLE, "", "", (one.row,)) for one in locals_
    }
    allows = frozenset(registries)
    return Index(LOCAL, "By the place of their files", 0, now, "", allows=allows, packages=packages)
