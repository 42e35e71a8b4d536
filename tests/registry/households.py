"""Scopes with something installed in them, for the tests of installing and of its faults."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from hocket.api.ceiling import Ceiling
from hocket.api.protocols import Tree
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms.names import version
from hocket.registry.forms.ranges import parse
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

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONSENT = Consent(Ceiling(tools=("Read",), agents=5), ("agents:5",), "flag", AT)
FILES = {"SKILL.md": "one", "bin/run.sh": "#!/bin/sh\n", "rubrics/deep/polite.md": "Be polite."}
EXECUTABLE = {"bin/run.sh"}


def household(root, *, project=True):
    """Make the scope of a project, or of a person, in a folder."""
    for name in ("home", "project"):
        (root / name).mkdir(parents=True, exist_ok=True)
    return Scope(root / "data", root / "home", root / "project" if project else None)


def tree(files=None):
    """Make a tree of texts by path."""
    entries = (
        ("x" if path in EXECUTABLE else "f", path, text.encode())
        for path, text in (FILES if files is None else files).items()
    )
    return Tree(tuple(sorted(entries, key=lambda one: one[1])))


def parcel(name, number="1.0.0", files=None, *, copies=None):
    """Make a package as it comes from the checks; by default it is put among the workflows."""
    whole = tree(files)
    row = Row(
        name,
        version(number),
        Kind.BUNDLE,
        AT,
        hk1(whole),
        capabilities=CONSENT.ceiling,
        source=Source(path=f"bundles/{name}"),
    )
    told = (Copy(Place.WORKFLOWS, name, whole),) if copies is None else tuple(copies)
    return Parcel(f"acme/{name}", row, whole, checks={"digest": "ok"}, copies=told)


def plan(scope, *parcels, remove=()):
    """Plan to add or update these, to remove those, and to keep all else."""
    kept = Kept(scope).all()
    before = scope.lock.read_bytes() if scope.lock.exists() else None
    packages = {one.name: one for one in reading.read(before).packages} if before else {}
    steps = []
    for one in parcels:
        old = kept.get(one.key)
        steps.append(Step(Action.UPDATE if old else Action.ADD, one.key, one, old))
        packages[one.key] = locked(one)
    for name in remove:
        steps.append(Step(Action.REMOVE, f"acme/{name}", None, kept[f"acme/{name}"]))
        del packages[f"acme/{name}"]
    registries = (Registry("acme", "path:../acme", 1),) if packages else ()
    lock = Lock(registries, tuple(packages[key] for key in sorted(packages)))
    return Plan("install", scope, tuple(steps), lock, before)


def locked(one):
    """Make the line of the lock for a package."""
    return Locked(
        name=one.key,
        kind=one.row.kind,
        version=one.row.version,
        digest=one.row.digest,
        capabilities=capability_hash(one.row.capabilities),
        source=one.row.reference,
        requested=parse("*"),
    )


def carry_out(told, packages=None, disk=DISK):
    """Apply a plan with everybody's consent."""
    consents = {step.key: CONSENT for step in told.steps}
    return apply(told, consents, AT, "0.3.0", packages, disk)


def install(scope, *parcels, remove=(), disk=DISK):
    """Plan and apply."""
    return carry_out(plan(scope, *parcels, remove=remove), disk=disk)


def problems(scope):
    """Verify all of a scope, each receipt with its line of the lock; nothing: it is whole."""
    kept = Kept(scope)
    receipts = kept.all()
    content = scope.lock.read_bytes() if scope.lock.exists() else None
    lines = {one.name: one for one in reading.read(content).packages} if content else {}
    keys = sorted({*receipts, *lines})
    found = [verify(scope, key, receipts.get(key), lines.get(key)) for key in keys]
    return [*kept.problems, *(line for one in found for line in one.sentences)]


def files(folder):
    """Read all that lies in a folder, by path; nothing where there is none."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def leftovers(scope):
    """List what no finished command leaves."""
    found = [*scope.stage.glob("*"), *scope.store.glob(".tmp-*"), *scope.receipts.glob(".*")]
    return [one.name for one in found] + ([scope.stage.name] if scope.stage.exists() else [])


class Stopped(BaseException):
    """What a kill looks like from inside: nothing after it is done."""


class StoppingDisk(Disk):
    """Stops for good before, or after, the first step that begins with these words."""

    def __init__(self, words, *, after=False, exchange=True):
        self.words, self.after, self.exchange, self.stopped = words, after, exchange, False

    def step(self, what, act):
        found = self.stopped or what.startswith(self.words)
        if found and (self.stopped or not self.after):
            self.stopped = True
            raise Stopped
        done = act()
        if found:
            self.stopped = True
            raise Stopped
        return done

    def _renameat2(self, flag, old, new):
        return self.exchange and super()._renameat2(flag, old, new)


class MeddlingDisk(Disk):
    """Does something once, right before the first step that begins with these words."""

    def __init__(self, words, act):
        self.words, self.act = words, act

    def step(self, what, act):
        if self.act and what.startswith(self.words):
            meddle, self.act = self.act, None
            meddle()
        return act()


class OldDisk(Disk):
    """Of a system without renameat2."""

    def _renameat2(self, flag, old, new):
        return False


def stopped(scope, disk, *parcels, remove=()):
    """Install, and stop where the disk says."""
    with suppress(Stopped):
        install(scope, *parcels, remove=remove, disk=disk)
    assert disk.stopped
