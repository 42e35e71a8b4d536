"""The lock as it is before and after; what did not change is written as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.errors import HocketError, PackageRefused
from hocket.registry.indexes.pins import same_signers
from hocket.registry.locks import reading
from hocket.registry.locks.lock import Lock, differences, dump

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hocket.registry.locks.lock import Locked, Registry
    from hocket.registry.planning.demand import Demand


class LockWouldChange(HocketError):
    """`--locked` was given and the lock does not say what would be installed."""

    code = "locked"


@dataclass(frozen=True, slots=True)
class Before:
    """`hocket.lock` when the command began."""

    lock: Lock
    content: bytes | None
    """None: there was none."""


def read(path: Path) -> Before:
    """Read it; raises StructureError for one that hocket did not write."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Before(Lock(), None)
    return Before(reading.read(content), content)


def judge_registries(lock: Lock, here: Mapping[str, Registry], demand: Demand) -> None:
    """Raise unless the registries are still those of the lock, by address and by signers."""
    for one in lock.registries:
        if one.name not in here:
            continue
        now = here[one.name]
        if now.url != one.url:
            text = f"here it is {now.url}; expected {one.url} as in hocket.lock"
            raise PackageRefused(f"registry {one.name}", [text], "source")
        if not demand.accepts(f"signers:{now.signers or 'none'}"):
            same_signers(one.name, one.signers, now.signers)


def settled(old: Lock, new: Lock) -> Lock:
    """Keep the row of a registry as it was while nothing of it changed and its signers did not.

    A registry that published something else would else change the lock of everybody.
    """
    before = {one.name: one for one in old.registries}
    return replace(
        new, registries=tuple(_row(before.get(one.name), one, old, new) for one in new.registries)
    )


def with_orphans(old: Lock, new: Lock, dropped: frozenset[str]) -> Lock:
    """Keep what nobody needs any more as long as what it needs is there in the same version."""
    have = {one.name for one in new.packages}
    left = {one.name: one for one in old.packages if one.name not in have | dropped}
    while True:
        present = {one.reference for one in (*new.packages, *left.values())}
        lost = [name for name, one in left.items() if not set(one.dependencies) <= present]
        if not lost:
            break
        for name in lost:
            del left[name]
    packages = tuple(
        sorted((*new.packages, *(replace(one, requested=None) for one in left.values())), key=_name)
    )
    used = {one.name.partition("/")[0] for one in packages}
    known = {one.name: one for one in (*old.registries, *new.registries)}
    return Lock(tuple(known[name] for name in sorted(used & set(known))), packages)


def judge_locked(before: Before, new: Lock) -> None:
    """Raise LockWouldChange with every difference."""
    if dump(new) == (before.content if before.content is not None else dump(Lock())):
        return
    told = "\n".join(f"  {one}" for one in differences(before.lock, new))
    raise LockWouldChange(
        "hocket.lock",
        found=f"it would change\n{told}",
        hint="Nothing was installed. Run `hocket install` without --locked, and commit the lock.",
    )


def _row(before: Registry | None, now: Registry, old: Lock, new: Lock) -> Registry:
    if before is None or (before.url, before.signers) != (now.url, now.signers):
        return now
    mine, theirs = (
        [one for one in lock.packages if _of(one.name) == now.name] for lock in (old, new)
    )
    return before if mine == theirs else now


def _of(key: str) -> str:
    return key.partition("/")[0]


def _name(one: Locked) -> str:
    return one.name
