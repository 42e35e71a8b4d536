"""Compares what is installed with its receipt, the store and the lock."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import HocketError, PackageRefused, StructureError
from hocket.registry.installing.holding import held
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.looking import expected, look
from hocket.registry.installing.recovery import is_under_way, recover
from hocket.registry.installing.store import Store
from hocket.registry.installing.ways import anchor, found
from hocket.registry.receipts.receipt import Place
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

if TYPE_CHECKING:
    from hocket.api.protocols import Tree
    from hocket.registry.locks.lock import Locked
    from hocket.registry.receipts.receipt import Receipt, Target
    from hocket.registry.scopes import Scope


@dataclass(frozen=True, slots=True)
class Edited:
    """A target that is not as its receipt says, with the paths that differ."""

    target: Target
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    refused: str = ""
    """Why it was not even looked at: a link lies on the way."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say it, a line a path."""
        name = f"{self.target.place}/{self.target.path}"
        told = {"changed": self.changed, "missing": self.missing, "added": self.added}
        files = [
            f"{name}/{visible(path)}: {what}" if path else f"{name}: {what}"
            for what, paths in told.items()
            for path in paths
        ]
        return (*((self.refused,) if self.refused else ()), *files)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with one package; nothing: it is whole."""

    key: str
    edited: tuple[Edited, ...] = ()
    store: str = ""
    """Why the store does not have its bytes."""
    lock: str = ""
    """Where the lock disagrees."""
    receipt: str = ""
    """That there is none."""

    @property
    def is_ok(self) -> bool:
        """Whether installed files, store, receipt and lock all agree."""
        return not self.sentences

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say all that is wrong."""
        whole = tuple(one for one in (self.receipt, self.store, self.lock) if one)
        return whole + tuple(line for one in self.edited for line in one.sentences)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle as a run takes it: these bytes were verified, and are what runs."""

    receipt: Receipt
    tree: Tree


def verify(scope: Scope, key: str, receipt: Receipt | None, locked: Locked | None) -> Verdict:
    """Compare one package; changes nothing and raises for nothing that it finds."""
    if receipt is None:
        return Verdict(key, receipt="it has no receipt here: hocket install --frozen")
    edited = tuple(one for target in receipt.targets for one in _edited(scope, target))
    has_store = Store(scope.store).get(receipt.digest) is not None
    store = "" if has_store else f"the store does not have {receipt.digest}, or damaged"
    return Verdict(key, edited, store, _disagreement(receipt, locked))


def sealed(scope: Scope, folder_name: str) -> Sealed | None:
    """Give the bundle in a folder of the workflows for a run; None: no receipt speaks of it.

    Raises StructureError where its bytes are not those of its receipt, and for every folder
    without one while a receipt is damaged: it may be the one that limits this bundle. Where
    files and receipt differ it waits for whoever changes the scope, and looks again.
    """
    if is_under_way(scope):
        _settle(scope)
    try:
        return _sealed(scope, folder_name)
    except StructureError:
        _settle(scope)
        return _sealed(scope, folder_name)


def _settle(scope: Scope) -> None:
    # Where nothing can be written nobody else does, and what lies there is all there is.
    with suppress(OSError), held(scope):
        recover(scope)


def _sealed(scope: Scope, folder_name: str) -> Sealed | None:
    kept = Kept(scope)
    spot = (Place.WORKFLOWS, folder_name)
    for receipt in kept.all().values():
        if spot in {(one.place, one.path) for one in receipt.targets}:
            return Sealed(receipt, _unchanged(scope, folder_name, receipt))
    if kept.problems:
        hint = "Install it again: hocket install --frozen"
        raise StructureError(folder_name, found=kept.problems[0].rstrip("."), hint=hint)
    return None


def _unchanged(scope: Scope, name: str, receipt: Receipt) -> Tree:
    root, parts = anchor(scope, scope.base(Place.WORKFLOWS) / name)
    hint = "Restore it with: hocket install --frozen, or move the script to .hocket/workflows/"
    try:
        tree = read_folder(receipt.name, root, "/".join(parts))
    except HocketError as cause:
        raise StructureError(name, found=f"edited: {cause.message}", hint=hint) from cause
    if hk1(tree) != receipt.digest:
        found = (
            "edited: restore with install --frozen, "
            "or move the script to .hocket/workflows/ as your own"
        )
        raise StructureError(name, found=found, hint="Nothing ran.")
    return tree


def _edited(scope: Scope, target: Target) -> tuple[Edited, ...]:
    path = scope.base(target.place) / target.path
    try:
        with found(scope, path.parent) as folder:
            there = (look(folder, path.name) if folder is not None else None) or {}
    except PackageRefused as refused:
        return (Edited(target, refused=refused.message),)
    wanted = expected(target)
    edited = Edited(
        target,
        changed=tuple(sorted(one for one in wanted if there.get(one, wanted[one]) != wanted[one])),
        missing=tuple(sorted(wanted.keys() - there.keys())),
        added=tuple(sorted(there.keys() - wanted.keys())),
    )
    return (edited,) if edited.sentences else ()


def _disagreement(receipt: Receipt, locked: Locked | None) -> str:
    if locked is None:
        return "hocket.lock does not have it"
    if (locked.version, locked.digest) == (receipt.version, receipt.digest):
        return ""
    return f"hocket.lock has {locked.version} {locked.digest}, installed is {receipt.version}"
