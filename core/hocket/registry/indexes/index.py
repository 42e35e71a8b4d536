"""Reads a registry: `registry.toml` and the files it includes, as bytes that nobody executes.

A row with a word this hocket does not know is hidden; anything else that is wrong refuses the
whole file, with all that was found.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.protocols import Tree
from hocket.errors import StructureError
from hocket.registry.forms import names
from hocket.registry.forms import values as forms
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.tables import Misread, Table, parse
from hocket.registry.indexes.packages import Gathered
from hocket.registry.indexes.renames import chain, faults
from hocket.registry.trees.digest import hk1

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.registry.forms.versions import Version
    from hocket.registry.indexes.rows import Hidden, Package, Row

SCHEMA = 1
FILE = "registry.toml"
_NOTHING = Tree(())


@dataclass(frozen=True, slots=True)
class Trusting:
    """That a registry signs: whose keys count, and whether its index is signed too."""

    signers: str
    index_signature: bool


@dataclass(frozen=True, slots=True)
class Index:
    """What a registry offers, as of one serial."""

    name: str
    description: str
    serial: int
    updated: datetime
    sha256: str
    """Of the bytes of registry.toml."""
    expires: datetime | None = None
    owner: Mapping[str, str] = field(default_factory=dict[str, str])
    allows: frozenset[str] = frozenset()
    """Registries that packages a person named from here may depend on."""
    trust: Trusting | None = None
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    packages: Mapping[str, Package] = field(default_factory=dict[str, "Package"])
    hidden: tuple[Hidden, ...] = ()
    barred: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names that are there and cannot be taken, with the reason; only of imports."""

    def current(self, name: str) -> str:
        """Give the name a package has now; empty: it was withdrawn."""
        return chain(self.renames, name)[-1]

    def rows(self, name: str) -> tuple[Row, ...]:
        """List what is offered of a package, the highest first; nothing if there is none."""
        return self.packages[name].rows if name in self.packages else ()

    def row(self, name: str, version: Version) -> Row | None:
        """Find one version."""
        return next((row for row in self.rows(name) if row.version == version), None)


def read(content: bytes, tree: Tree = _NOTHING, who: str = FILE) -> Index:
    """Read an index; `tree` holds the files beside it. Raises StructureError with all faults."""
    top = parse(content, who)
    try:
        _judge_schema(top)
        gathered, index = Gathered(), _head(top, sha256(content).hexdigest())
        gathered.take(top, who)
        for path, raw in _included(top, tree):
            _take_file(gathered, path, raw)
        top.close()
    except Misread as misread:
        raise StructureError(who, found=str(misread)) from misread
    found = [*gathered.faults]
    found += [f"{who}: renames: {fault}" for fault in faults(index.renames, gathered.packages)]
    if found:
        raise StructureError(who, found="\n".join((f"refused, {len(found)} faults", *found)))
    hidden = sorted(gathered.hidden, key=lambda one: (one.name, one.version))
    packages = dict(sorted(gathered.packages.items()))
    return replace(index, packages=packages, hidden=tuple(hidden))


def _judge_schema(top: Table) -> None:
    schema = top.get("schema", forms.whole)
    if schema > SCHEMA:
        raise top.misread("schema", f"{schema} needs a newer hocket")
    if schema != SCHEMA:
        raise top.misread("schema", f"{schema} is not {SCHEMA}")


def _head(top: Table, digest: str) -> Index:
    return Index(
        name=top.get("name", forms.registry),
        description=top.get("description", forms.line),
        serial=top.get("serial", forms.whole),
        updated=top.get("updated", names.time),
        sha256=digest,
        expires=top.find("expires", names.time, None),
        owner=_owner(top),
        allows=frozenset(top.every("allow-dependencies-from", forms.registry)),
        trust=_trust(top),
        renames=top.pairs("renames", names.name, _new_name),
    )


def _owner(top: Table) -> dict[str, str]:
    own = top.table("owner")
    if own is None:
        return {}
    told = {"name": own.find("name", forms.line, ""), "url": own.find("url", forms.https, "")}
    own.close()
    return told


def _trust(top: Table) -> Trusting | None:
    own = top.table("trust")
    if own is None:
        return None
    signers = own.get("signers", forms.path)
    trust = Trusting(signers, own.find("index-signature", forms.flag, absent=False))
    own.close()
    return trust


def _included(top: Table, tree: Tree) -> list[tuple[str, bytes]]:
    globs = top.every("include", _glob)
    digest = top.find("include-digest", names.digest, "")
    if not globs and not digest:
        return []
    entries = tuple(
        entry
        for entry in tree.entries
        if any(_matches(entry[1], glob) for glob in globs) and entry[1] != FILE
    )
    found = hk1(Tree(entries))
    if found != digest:
        what = f"is {digest}" if digest else "is missing"
        raise top.misread("include-digest", f"{what}; the files have {found}")
    return sorted((path, content) for _, path, content in entries)


def _take_file(gathered: Gathered, path: str, raw: bytes) -> None:
    try:
        own = parse(raw, path)
        gathered.take(own, path)
        own.close()
    except StructureError as cause:
        gathered.faults.append(f"{cause.who}: {cause.found}")
    except Misread as misread:
        gathered.faults.append(f"{path}: {misread}")


def _matches(path: str, glob: str) -> bool:
    return path.count("/") == glob.count("/") and fnmatchcase(path, glob)


def _glob(value: object) -> str:
    text = forms.line(value)
    forms.path(text.replace("*", "x"))
    if not text.endswith(".toml"):
        raise Unfit(f"{quoted(text)} does not end in .toml")
    return text


def _new_name(value: object) -> str:
    return names.name(value) if value != "" else ""
