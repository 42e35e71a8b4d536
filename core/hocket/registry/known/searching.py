"""Finds packages by words, in the registries at hand and without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import NotFound
from hocket.registry.forms.names import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocket.api.ceiling import Ceiling
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Kind, Package, Row
    from hocket.registry.known.opened import Opened

_EXACT, _PART, _START, _COMMAND, _DESCRIPTION = 16, 8, 6, 4, 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A package that was found, at the version one would get."""

    key: str
    """REGISTRY/NAME."""
    kind: Kind
    version: Version
    published: datetime
    signer: str
    """Who says to have signed it; nothing was verified. Empty: it is unsigned."""
    badges: tuple[str, ...]
    """`net`, `shell`, `write`, `py`: what makes it dangerous."""
    description: str
    rank: int
    """Higher is nearer to what was typed."""


def search(
    opened: Opened, words: Sequence[str], kind: Kind | None = None, registry: str | None = None
) -> list[Hit]:
    """List what has all the words, the nearest first; without words, everything.

    Raises NotFound for a registry that is not at hand.
    """
    if registry is not None and registry not in opened.indexes:
        known = ", ".join(opened.indexes)
        raise NotFound(f"registry {quoted(registry)}", found="not at hand", expected=known)
    wanted = [word.casefold() for typed in words for word in typed.replace("/", " ").split()]
    found = (
        _hit(opened, name, package, wanted)
        for name in ([registry] if registry else opened.indexes)
        for package in opened.indexes[name].packages.values()
        if kind in (None, package.kind)
    )
    hits = [one for one in found if one is not None]
    return sorted(hits, key=lambda one: (-one.rank, one.key.partition("/")[2], one.key))


def latest(opened: Opened, registry: str, rows: Sequence[Row]) -> Row | None:
    """Give the version one would get: not yanked, not refused, finished rather than not."""
    fit = [
        row
        for row in rows
        if row.yanked is None and (registry, row.name, row.version) not in opened.refused
    ]
    return next((row for row in fit if not row.version.is_pre), fit[0] if fit else None)


def badges(ceiling: Ceiling) -> tuple[str, ...]:
    """Name what makes a table of capabilities dangerous."""
    told = {
        "net": bool(ceiling.network),
        "shell": bool(ceiling.shell),
        "write": bool(ceiling.write),
        "py": ceiling.python,
    }
    return tuple(name for name, has in told.items() if has)


def signer(row: Row) -> str:
    """Say who says to have signed a version; empty: nobody."""
    return row.signatures[0].signer if row.signatures else ""


def _hit(opened: Opened, registry: str, package: Package, wanted: Sequence[str]) -> Hit | None:
    row = latest(opened, registry, package.rows)
    ranks = [_rank(word, registry, package) for word in wanted]
    if row is None or not all(ranks):
        return None
    return Hit(
        key=f"{registry}/{package.name}",
        kind=package.kind,
        version=row.version,
        published=row.published,
        signer=signer(row),
        badges=badges(row.capabilities),
        description=package.description,
        rank=sum(ranks) + (_EXACT if "-".join(wanted) == package.name else 0),
    )


def _rank(word: str, registry: str, package: Package) -> int:
    commands = {command for row in package.rows for command in row.commands}
    parts = package.name.split("-")
    rules = (
        (_EXACT, word == package.name),
        (_PART, word in parts),
        (_START, word in package.name),
        (_COMMAND, word in commands or word == registry),
        (_DESCRIPTION, word in package.description.casefold()),
    )
    return next((rank for rank, holds in rules if holds), 0)
