"""Every registry at hand, judged: what is looked up when something is to be installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hocket.registry.known import advisories
from hocket.registry.known.agreeing import fingerprints
from hocket.registry.locks.lock import Registry
from hocket.registry.resolving.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.index import Index, Trusting
    from hocket.registry.indexes.verdicts import Verdict
    from hocket.registry.known.advisories import Advisory
    from hocket.registry.known.keyring import Keys
    from hocket.registry.sources.served import Served

RowKey = tuple[str, str, "Version"]


@dataclass(frozen=True)
class Opened:
    """The registries by the names they have here, `core` among them."""

    indexes: Mapping[str, Index]
    served: Mapping[str, Served]
    """What each served; sources that are paths lie beneath its folder."""
    keys: Mapping[str, Keys]
    ages: Mapping[str, timedelta]
    """How long new versions wait; nothing for `core` and local registries."""
    refused: Mapping[RowKey, Verdict] = field(default_factory=dict[RowKey, "Verdict"])
    """Rows that are not to be installed, by registry, name and version."""
    notes: tuple[str, ...] = ()

    @cached_property
    def shelf(self) -> Shelf:
        """What solving looks things up in."""
        return Shelf(self.indexes)

    @cached_property
    def registries(self) -> Mapping[str, Registry]:
        """How each is written into a lock."""
        return {name: self._locked(name, index) for name, index in self.indexes.items()}

    def signers(self, name: str) -> bytes | None:
        """Give the file of signers that was agreed to; None: the registry has none."""
        return self.keys[name].signers or None

    def krl(self, name: str) -> bytes | None:
        """Give the list of revoked keys; None: there is none."""
        return self.keys[name].krl or None

    def fingerprints(self, name: str, who: str) -> tuple[str, ...]:
        """List the keys by which somebody may sign for a registry."""
        return tuple(key for signer, key in fingerprints(self.keys[name]) if signer == who)

    def trusts(self, name: str) -> Trusting | None:
        """Say how a registry signs; None: not at all."""
        return self.indexes[name].trust

    def advisories(self, name: str) -> tuple[Advisory, ...]:
        """List what a registry warns of; raises StructureError for a damaged file."""
        content = self.served[name].files.get(advisories.FILE)
        who = f"{name}: {advisories.FILE}"
        return () if content is None else advisories.read(content, who)

    def _locked(self, name: str, index: Index) -> Registry:
        one = self.served[name]
        return Registry(name, one.url, index.serial, one.rev, self.keys[name].hash)
