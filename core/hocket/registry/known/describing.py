"""Describes one package: its versions, and in full the one that would be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import NotFound
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms.names import quoted
from hocket.registry.indexes.rows import ANY
from hocket.registry.known.searching import latest, signer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.registry.forms.ranges import Range
    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Package, Row
    from hocket.registry.known.advisories import Advisory
    from hocket.registry.known.opened import Opened

_LETTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """A version among others."""

    version: Version
    published: datetime
    signer: str
    yanked: str | None
    refused: str
    """Why it is not to be installed; empty: it may be."""


@dataclass(frozen=True, slots=True)
class Description:
    """A package, and the version of it that was looked for."""

    key: str
    package: Package
    row: Row
    signer: str
    """Who says to have signed it; empty: nobody."""
    is_of_signers: bool
    """Whether its registry has signers, so that a version without one is to be accepted."""
    fingerprints: tuple[str, ...]
    """Of the keys by which that signer may sign, as they were agreed to."""
    capability_hash: str
    versions: tuple[Listed, ...]
    hidden: tuple[str, ...]
    """Versions that need a newer hocket, in sentences."""
    renamed_from: str
    """The name that was typed, if the package has another one now."""
    advisories: tuple[Advisory, ...]
    dependencies: Mapping[str, Range]

    @property
    def always_loaded(self) -> int:
        """About how many tokens its name and description take wherever skills are listed."""
        letters = len(self.row.name) + len(self.package.description)
        return -(-letters // _LETTERS_A_TOKEN)


def describe(opened: Opened, key: str, wanted: Range = ANY) -> Description:
    """Describe REGISTRY/NAME, under the name it has now; raises NotFound."""
    now = opened.shelf.current(key)
    registry, _, name = now.partition("/")
    if opened.shelf.is_withdrawn(now) or name not in opened.indexes[registry].packages:
        raise NotFound(
            quoted(key), found="it was withdrawn", hint="No version is offered any more."
        )
    package = opened.indexes[registry].packages[name]
    row = _chosen(opened, registry, package, wanted)
    who = signer(row)
    return Description(
        key=now,
        package=package,
        row=row,
        signer=who,
        is_of_signers=opened.trusts(registry) is not None,
        fingerprints=opened.fingerprints(registry, who),
        capability_hash=capability_hash(row.capabilities),
        versions=tuple(_listed(opened, registry, one) for one in package.rows),
        hidden=tuple(opened.shelf.hidden(now)),
        renamed_from=key if key != now else "",
        advisories=tuple(
            one for one in opened.advisories(registry) if one.concerns(name, row.version)
        ),
        dependencies=row.dependencies,
    )


def _chosen(opened: Opened, registry: str, package: Package, wanted: Range) -> Row:
    fit = [row for row in package.rows if wanted.contains(row.version, pre=True)]
    chosen = latest(opened, registry, fit) or next(iter(fit), None)
    if chosen is None:
        told = ", ".join(str(row.version) for row in package.rows[:5])
        who = f"{registry}/{package.name}"
        raise NotFound(who, found=f"no version fits {wanted}", expected=f"one of {told or 'none'}")
    return chosen


def _listed(opened: Opened, registry: str, row: Row) -> Listed:
    verdict = opened.refused.get((registry, row.name, row.version))
    refused = verdict.text if verdict else ""
    return Listed(row.version, row.published, signer(row), row.yanked, refused)
