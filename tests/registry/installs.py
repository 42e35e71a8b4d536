"""Households with packages to install, and what has to hold of them afterwards."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.protocols import Tree
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms import names, ranges
from hocket.registry.indexes.rows import Kind, Row, Source
from hocket.registry.installing.applying import apply
from hocket.registry.installing.disk import DISK, Disk
from hocket.registry.installing.kept import Kept
from hocket.registry.installing.plan import Action, Copy, Parcel, Plan, Step
from hocket.registry.installing.verifying import verify
from hocket.registry.locks import reading
from hocket.registry.locks.lock import Lock, Locked, Registry
from hocket.registry.receipts.receipt import Consent, Place
from hocket.registry.scopes import Scope
from hocket.registry.trees.digest import hk1

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONSENT = Consent(Ceiling(tools=("Read",), agents=5), ("tools:Read",), "flag", NOW)
FILES = {"SKILL.md": "one", "bin/run.sh": "#!/bin/sh\n", "rubrics/deep/polite.md": "Be polite.\n"}
REGISTRY = Registry("acme", "git+https://git.acme.example/patterns.git", 1, rev="0" * 40)


class Stopped(BaseException):
    """Stands for the death of the process."""


class StoppingDisk(Disk):
    """Stops before or after the first step whose name begins with these words."""

    def __init__(self, words, *, after=False, exchange=True):
        self.words, self.after, self.exchange = words, after, exchange

    def step(self, what, act):
        if not what.startswith(self.words):
            return act()
        if self.after:
            act()
        raise Stopped(what)

    def _renameat2(self, flag, old, new):
        return self.exchange and super()._renameat2(flag, old, new)


def household(root, *, project=True):
    """Make the folders of a person, and of a project of theirs; gives one of the two scopes."""
    root = Path(os.path.realpath(root))
    for name in ("data", "home", "project"):
        (root / name).mkdir(parents=True, exist_ok=True)
    return Scope(root / "data", root / "home", root / "project" if project else None)


def tree(files=None):
    """Make a tree; what lies in `bin` can be executed."""
    entries = (
        ("x" if path.startswith("bin/") else "f", path, text.encode())
        for path, text in (FILES if files is None else files).items()
    )
    return Tree(tuple(sorted(entries, key=lambda one: one[1].encode())))


def parcel(name, number="1.0.0", files=None, copies=None):
    """Make a package as it was fetched: a bundle that is put among the workflows."""
    whole = tree(files)
    row = Row(
        name=name,
        version=names.version(number),
        kind=Kind.BUNDLE,
        published=NOW,
        digest=hk1(whole),
        size=sum(len(content) for _kind, _path, content in whole.entries),
        files=len(whole.entries),
        capabilities=CONSENT.ceiling,
        source=Source(path=f"bundles/{name}"),
    )
    where = (Copy(Place.WORKFLOWS, name, whole),) if copies is None else tuple(copies)
    return Parcel(f"acme/{name}", row, whole, checks={"digest": "ok"}, copies=where)


def locked(one):
    """Make the line of a lock for a package."""
    return Locked(
        name=one.key,
        kind=one.row.kind,
        version=one.row.version,
        digest=one.row.digest,
        capabilities=capability_hash(one.row.capabilities),
        source=one.row.reference,
        requested=ranges.parse("*"),
    )


def plan(scope, *parcels, remove=()):
    """Plan to add or update packages, and to remove others."""
    before = scope.lock.read_bytes() if scope.lock.exists() else None
    old = {one.name: one for one in reading.read(before).packages} if before else {}
    kept = Kept(scope).all()
    gone = [f"acme/{name}" for name in remove]
    new = {key: one for key, one in old.items() if key not in gone}
    new |= {one.key: locked(one) for one in parcels}
    steps = [
        Step(Action.UPDATE if one.key in kept else Action.ADD, one.key, one, kept.get(one.key))
        for one in parcels
    ]
    steps += [Step(Action.REMOVE, key, before=kept.get(key)) for key in gone]
    lock = Lock((REGISTRY,), tuple(new[key] for key in sorted(new)))
    return Plan("install", scope, tuple(steps), lock, before)


def carry_out(told, packages=None, disk=DISK):
    """Carry a plan out, with consent for all of it."""
    consents = {step.key: CONSENT for step in told.steps if step.parcel}
    return apply(told, consents, NOW, "0.3.0", packages, disk)


def install(scope, *parcels, remove=(), disk=DISK):
    """Plan and carry out."""
    return carry_out(plan(scope, *parcels, remove=remove), disk=disk)


def stopped(scope, disk, *parcels, remove=()):
    """Begin an install that stops where the disk says."""
    with pytest.raises(Stopped):
        install(scope, *parcels, remove=remove, disk=disk)


def files(folder):
    """Give the text of every file beneath a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def problems(scope):
    """Tell what is not as receipts and lock say."""
    kept = Kept(scope)
    receipts = kept.all()
    lock = reading.read(scope.lock.read_bytes()) if scope.lock.exists() else Lock()
    lines = {one.name: one for one in lock.packages}
    told = [
        sentence
        for key in sorted({*receipts, *lines})
        for sentence in verify(scope, key, receipts.get(key), lines.get(key)).sentences
    ]
    return [*kept.problems, *told]


def leftovers(scope):
    """Name what only an install that is under way may have on the disk."""
    staged = [*scope.stage.rglob("*")] if scope.stage.is_dir() else []
    temporary = [
        path
        for folder in (scope.store, scope.receipts, scope.lock.parent, scope.own)
        for path in folder.glob(".tmp-*")
    ]
    return sorted(str(path) for path in (*staged, *temporary))
