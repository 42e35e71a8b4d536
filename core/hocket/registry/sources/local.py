"""Offers the files of a folder on this machine, by handle: no link is followed."""

from __future__ import annotations

import os
import stat
from functools import partial
from typing import TYPE_CHECKING

from hocket.registry.sources.failing import refused
from hocket.registry.sources.wanted import MOST_DEPTH_OF_AN_IMPORT, Offer
from hocket.registry.trees.intake import MOST_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_LEFT_OUT = frozenset((".git", ".hocket", "node_modules", "__pycache__"))


def offers(who: str, root: Path, most: int = MOST_MEMBERS) -> Iterator[Offer]:
    """Go through a folder from the top; an offer can be read until the next one is asked for."""
    count = 0
    for above, folders, files, handle in os.fwalk(root):
        inside = os.path.relpath(above, root).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        is_deep = prefix.count("/") >= MOST_DEPTH_OF_AN_IMPORT
        folders[:] = [] if is_deep else sorted(set(folders) - _LEFT_OUT)
        count += len(folders) + len(files)
        if count > most:
            raise refused(who, f"more than {most:,} files and folders")
        for name in sorted(files):
            status = os.stat(name, dir_fd=handle, follow_symlinks=False)
            if stat.S_ISREG(status.st_mode):
                read = partial(_read, who, handle, name, status.st_size)
                yield Offer(f"{prefix}{name}", status.st_size, read)


def _read(who: str, handle: int, name: str, size: int) -> bytes:
    """Read the one file that was opened, whatever lies under its name by now."""
    with os.fdopen(os.open(name, _SAFE, dir_fd=handle), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise refused(who, f"{name!r} was exchanged while it was read")
        return file.read(size)
