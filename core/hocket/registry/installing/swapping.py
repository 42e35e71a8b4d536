"""Puts one thing in the place of another, in one step where the system can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.installing.disk import EXCHANGE, NOREPLACE
from hocket.registry.installing.ways import kind_at

if TYPE_CHECKING:
    from hocket.registry.installing.disk import Disk

    Name = tuple[int, str]
    """A name in a folder that is open."""

OLD = ".old"
"""Ends the name under which two renames keep what was there."""


def swap(disk: Disk, staged: Name, target: Name) -> None:
    """Exchange what is staged with the target, so that no reader misses either.

    Where the system has no exchange there are two renames, and the target is absent in between;
    what was there is then beside the staged name, with `.old`.
    """
    if kind_at(*target) is None:
        put(disk, staged, target)
    elif not disk.rename_by(EXCHANGE, staged, target):
        disk.rename(target, old_of(staged))
        put(disk, staged, target)
    _sync(disk, staged, target)


def put(disk: Disk, name: Name, free: Name) -> None:
    """Rename to a name that is free; raises FileExistsError if it is not."""
    if not disk.rename_by(NOREPLACE, name, free):
        if kind_at(*free) is not None:
            raise FileExistsError(free[1])
        disk.rename(name, free)


def move(disk: Disk, name: Name, free: Name) -> None:
    """Rename to a name that is free, and have it on the disk."""
    put(disk, name, free)
    _sync(disk, name, free)


def old_of(staged: Name) -> Name:
    """Say where two renames keep what was there."""
    return staged[0], f"{staged[1]}{OLD}"


def _sync(disk: Disk, one: Name, other: Name) -> None:
    disk.sync(one[0])
    disk.sync(other[0])
