"""A repository without `registry.toml` as an index: read-only, pinned at the commit it was read.

Its rows have no digest: that is taken when one is installed for the first time, and the lock
keeps it. What a host would run is no capability somebody declared, so all of it is undeclared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from hocket.api.ceiling import Ceiling
from hocket.registry.forms.names import Unfit, name
from hocket.registry.imports import folders, marketplace
from hocket.registry.imports.dated import version_of
from hocket.registry.imports.naming import made
from hocket.registry.indexes.index import Index
from hocket.registry.indexes.rows import Kind, Package, Row, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hocket.registry.forms.versions import Version
    from hocket.registry.imports.entries import Entry
    from hocket.registry.sources.served import Served

UNDECLARED = Ceiling(is_declared=False)
_PLUGIN = (".claude-plugin/plugin.json", "plugin.json")


@dataclass(frozen=True, slots=True)
class View:
    """What can be taken from a repository of others, and what cannot."""

    index: Index
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By name, what of it other hosts take and hocket does not."""


def view(served: Served, at: datetime) -> View:
    """Make the view; `at` is the time of the commit. Raises PackageRefused for broken files."""
    market = marketplace.find(served.files, served.url)
    called = made(_last(served.url)) or "imported"
    if market is None:
        return _of_skills(served, called, at)
    return _of_plugins(served, market, market.name or called, at)


def _of_plugins(served: Served, market: marketplace.Marketplace, called: str, at: datetime) -> View:
    packages, barred, ignored = dict[str, Package](), dict[str, str](), dict[str, tuple[str, ...]]()
    for entry in market.entries:
        if entry.source is None:
            barred[entry.name or f"(entry {len(barred) + 1})"] = entry.why
        elif entry.name in packages:
            barred[entry.name] = "two entries have this name"
        else:
            packages[entry.name] = _plugin(served, entry, entry.source, at)
            ignored |= {entry.name: entry.ignored} if entry.ignored else {}
    left = {one: package for one, package in packages.items() if one not in barred}
    index = _index(called, f"Plugins of {market.file}", served, at, left.values())
    index = replace(_renamed(index, market.renames), barred=dict(sorted(barred.items())))
    return View(index, ignored)


def _of_skills(served: Served, called: str, at: datetime) -> View:
    found = folders.find(served.files, called)
    packages = [
        Package(
            one.name,
            Kind.BUNDLE,
            one.skill.description,
            one.skill.license,
            (_row(one.name, version_of(None, at), at, Source(path=one.folder)),),
        )
        for one in found
        if one.skill
    ]
    index = _index(called, "Skills of a repository", served, at, packages)
    barred = {one.name or one.folder: one.why for one in found if not one.skill}
    return View(replace(index, barred=barred))


def _plugin(served: Served, entry: Entry, source: Source, at: datetime) -> Package:
    told = _manifest(served.files, source.path) if not (source.git or source.archive) else {}
    version = version_of(entry.version or told.get("version"), at)
    rights = entry.license or str(told.get("license") or "")
    row = _row(entry.name, version, at, source)
    return Package(entry.name, Kind.BUNDLE, entry.description, rights, (row,))


def _row(called: str, version: Version, at: datetime, source: Source) -> Row:
    return Row(
        name=called,
        version=version,
        kind=Kind.BUNDLE,
        published=at,
        digest="",
        capabilities=UNDECLARED,
        source=source,
    )


def _manifest(files: Mapping[str, bytes], folder: str) -> dict[str, object]:
    for file in _PLUGIN:
        raw = files.get(f"{folder}/{file}" if folder else file)
        if raw is None:
            continue
        try:
            told: object = json.loads(raw)
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, object]", told) if isinstance(told, dict) else {}
    return {}


def _index(
    called: str, description: str, served: Served, at: datetime, packages: Iterable[Package]
) -> Index:
    content = "\n".join(f"{path} {sha256(raw).hexdigest()}" for path, raw in served.files.items())
    return Index(
        name=_fit(called),
        description=description,
        # It has no serial of its own; the time of its commits rises just as well.
        serial=int(at.timestamp()),
        updated=at,
        sha256=sha256(content.encode()).hexdigest(),
        packages={one.name: one for one in sorted(packages, key=lambda one: one.name)},
    )


def _renamed(index: Index, renames: Mapping[str, str]) -> Index:
    known = {old: new for old, new in renames.items() if old not in index.packages}
    return replace(
        index, renames={old: new if new in index.packages else "" for old, new in known.items()}
    )


def _fit(called: str) -> str:
    """Keep hocket's own names free: who is called so is called after what it is."""
    try:
        return name(called)
    except Unfit:
        return f"{called}-imported"


def _last(url: str) -> str:
    return url.rstrip("/").removesuffix(".git").rpartition("/")[2]
