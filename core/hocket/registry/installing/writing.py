"""Writes files and whole trees so that they are on the disk before they get their names."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from hocket.registry.installing.ways import kind_at, names, opened

if TYPE_CHECKING:
    from hocket.api.protocols import Tree
    from hocket.registry.installing.disk import Disk

_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
WRITABLE = {"f": 0o666, "x": 0o777}
READ_ONLY = {"f": 0o444, "x": 0o555}


def write_tree(disk: Disk, folder: int, name: str, tree: Tree, modes: dict[str, int]) -> None:
    """Make a folder with all files of a tree, and sync it; the name itself is the caller's."""
    disk.make_folder(folder, name)
    root = opened(folder, name)
    try:
        for part, entries in _by_folder(tree).items():
            _fill(disk, root, part, entries, modes)
        # The system has begun to write all of them by now: one after the other would wait for each.
        _sync(disk, root)
    finally:
        os.close(root)


def write_file(disk: Disk, folder: int, name: str, content: bytes, mode: int = 0o666) -> None:
    """Write a file that was not there, and sync it."""
    fd = disk.create(folder, name, mode)
    try:
        disk.write(fd, content)
        disk.sync(fd)
    finally:
        os.close(fd)


def replace(
    disk: Disk, new: tuple[int, str], target: tuple[int, str], content: bytes, mode: int = 0o666
) -> None:
    """Put a file in the place of another, whole or not at all; `new` is a name free to be used."""
    if kind_at(*new) is not None:
        disk.unlink(*new)
    write_file(disk, *new, content, mode)
    disk.rename(new, target)
    disk.sync(target[0])


def _by_folder(tree: Tree) -> dict[str, list[tuple[str, str, bytes]]]:
    """Sort entries by folder, those above first; an empty one on the way is among them."""
    folders: dict[str, list[tuple[str, str, bytes]]] = {"": []}
    for kind, path, content in tree.entries:
        above, _, name = path.rpartition("/")
        parts = above.split("/") if above else []
        for count in range(1, len(parts) + 1):
            folders.setdefault("/".join(parts[:count]), [])
        folders[above].append((kind, name, content))
    return dict(sorted(folders.items(), key=lambda one: one[0].count("/")))


def _fill(
    disk: Disk, root: int, path: str, entries: list[tuple[str, str, bytes]], modes: dict[str, int]
) -> None:
    folder = os.dup(root)
    try:
        for part in path.split("/") if path else ():
            if kind_at(folder, part) is None:
                disk.make_folder(folder, part)
            below = opened(folder, part)
            os.close(folder)
            folder = below
        for kind, name, content in entries:
            fd = disk.create(folder, name, modes[kind])
            try:
                disk.write(fd, content)
                disk.begin(fd)
            finally:
                os.close(fd)
    finally:
        os.close(folder)


def _sync(disk: Disk, opened_here: int) -> None:
    if stat.S_ISDIR(os.fstat(opened_here).st_mode):
        for name in names(opened_here):
            below = os.open(name, _SAFE, dir_fd=opened_here)
            try:
                _sync(disk, below)
            finally:
                os.close(below)
    disk.sync(opened_here)
