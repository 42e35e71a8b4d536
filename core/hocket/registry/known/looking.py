"""Reads what a registry served into an index and keys, before any of it is believed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.errors import PackageRefused
from hocket.registry.imports.view import view
from hocket.registry.indexes import index as indexes
from hocket.registry.known.keyring import Keys
from hocket.registry.signatures import signers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.registry.indexes.index import Index
    from hocket.registry.sources.served import Served

KRL = "revoked.krl"
SIGNATURE = ".sig"
INDEX_SIGNATURE = f"{indexes.FILE}{SIGNATURE}"


@dataclass(frozen=True, slots=True)
class Look:
    """A registry as it was served, read under a name of ours."""

    name: str
    served: Served
    index: Index
    keys: Keys
    committed: datetime | None = None
    """When the commit was made of which an import is a view; None: it has an index of its own."""
    barred: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is there and cannot be imported, with the reason."""

    @property
    def is_import(self) -> bool:
        """Whether it was made for other programs."""
        return self.committed is not None

    @property
    def who(self) -> str:
        """How errors name it."""
        return f"registry {self.name}"

    @property
    def judged(self) -> Index:
        """The index under the name it has here, so that sentences about it say that name."""
        return replace(self.index, name=self.name)


def look(served: Served, name: str = "", committed: datetime | None = None) -> Look:
    """Read a registry; without a name of ours it goes by its own. Raises StructureError.

    Without `registry.toml` it is seen as an import, as of the time of its commit.
    """
    content = served.files.get(indexes.FILE)
    if content is None:
        return _imported(served, name, committed)
    tree = Tree(tuple(("f", path, raw) for path, raw in sorted(served.files.items())))
    who = f"{name}: {indexes.FILE}" if name else indexes.FILE
    index = indexes.read(content, tree, who)
    return Look(name or index.name, served, index, _keys(served, index, name or index.name))


def needs_commit(served: Served) -> bool:
    """Whether the time of its commit matters."""
    return bool(served.rev) and indexes.FILE not in served.files


def _imported(served: Served, name: str, committed: datetime | None) -> Look:
    if committed is None:
        what = f"{served.url} has no {indexes.FILE}, and is no repository to import from"
        raise PackageRefused(f"registry {name or 'at this address'}", [what], "manifest")
    seen_as = view(served, committed)
    index = seen_as.index
    return Look(name or index.name, served, index, Keys(), committed, index.barred)


def _keys(served: Served, index: Index, name: str) -> Keys:
    if index.trust is None:
        return Keys()
    path = index.trust.signers
    content = served.files.get(path)
    if content is None:
        what = f"{path} is not there, though [trust] names it"
        raise PackageRefused(f"registry {name}", [what], "signature")
    signers.read(content, f"{name}: {path}")
    folder, slash, _ = path.rpartition("/")
    krl = served.files.get(f"{folder}{slash}{KRL}")
    if krl == b"":
        what = f"{KRL} is empty, so nobody can tell which keys are revoked"
        raise PackageRefused(f"registry {name}", [what], "signature")
    return Keys(content, krl or b"", index.trust.index_signature)
