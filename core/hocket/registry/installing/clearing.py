"""Deletes what is hocket's own: a folder of its, or those files of a folder that it wrote."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from hocket.registry.installing.looking import look
from hocket.registry.installing.ways import kind_at, names, opened

if TYPE_CHECKING:
    from hocket.registry.installing.disk import Disk
    from hocket.registry.installing.looking import Listing


def clear(disk: Disk, folder: int, name: str) -> None:
    """Delete a name and all beneath it; links are deleted, not followed."""
    kind = kind_at(folder, name)
    if kind is None:
        return
    if kind != stat.S_IFDIR:
        disk.unlink(folder, name)
        return
    below = opened(folder, name)
    try:
        for one in names(below):
            clear(disk, below, one)
    finally:
        os.close(below)
    disk.remove_folder(folder, name)


def prune(disk: Disk, folder: int, name: str, ours: tuple[Listing, ...]) -> tuple[str, ...]:
    """Delete the files that are as hocket wrote them, and empty folders; give what stays."""
    found = look(folder, name) or {}
    stays = tuple(
        path for path, one in found.items() if not any(own.get(path) == one for own in ours)
    )
    _pruned(disk, folder, name, frozenset(stays))
    return stays


def _pruned(disk: Disk, folder: int, name: str, stays: frozenset[str], path: str = "") -> None:
    if kind_at(folder, name) != stat.S_IFDIR:
        if path not in stays and kind_at(folder, name) is not None:
            disk.unlink(folder, name)
        return
    below = opened(folder, name)
    try:
        for one in names(below):
            _pruned(disk, below, one, stays, f"{path}/{one}" if path else one)
        is_empty = not names(below)
    finally:
        os.close(below)
    if is_empty:
        disk.remove_folder(folder, name)
