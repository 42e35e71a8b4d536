"""Looks at what lies on the disk, whatever it is: no rule refuses it, no link is followed."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.registry.installing.ways import kind_at, names, opened
from hocket.registry.receipts.receipt import Place, Placed, Target
from hocket.registry.trees.intake import MOST_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocket.api.protocols import Tree

    Listing = dict[str, tuple[str, str]]
    """Kind and hash by path; of a single file the path is empty."""

_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
ODD = "?"
"""The kind of what no package holds: links, pipes, files that are too large."""
FILES = frozenset({Place.PLUGINS, Place.CLAUDE_WORKFLOW})
"""Places that hold files, not folders."""


def look(folder: int, name: str) -> Listing | None:
    """List every file beneath a name; None: nothing is there."""
    kind = kind_at(folder, name)
    if kind is None:
        return None
    if kind != stat.S_IFDIR:
        return {"": _hashed(folder, name)}
    below = opened(folder, name)
    try:
        return dict(_listed(below, ""))
    finally:
        os.close(below)


def expected(target: Target) -> Listing:
    """List what a target was filled with."""
    is_file = target.place in FILES
    return {"" if is_file else one.path: (one.kind, one.sha256) for one in target.files}


def placed(place: Place, path: str, tree: Tree) -> Target:
    """Write down a tree as it is put somewhere."""
    name = path.rpartition("/")[2]
    return Target(place, path, tuple(_placed(tree, name if place in FILES else "")))


def _placed(tree: Tree, alone: str) -> Iterable[Placed]:
    for kind, path, content in tree.entries:
        yield Placed(alone or path, kind, f"sha256:{sha256(content).hexdigest()}")


def _listed(folder: int, above: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for name in names(folder):
        if kind_at(folder, name) != stat.S_IFDIR:
            yield f"{above}{name}", _hashed(folder, name)
            continue
        below = opened(folder, name)
        try:
            yield from _listed(below, f"{above}{name}/")
        finally:
            os.close(below)


def _hashed(folder: int, name: str) -> tuple[str, str]:
    if kind_at(folder, name) != stat.S_IFREG:
        return ODD, ""
    with os.fdopen(os.open(name, _SAFE, dir_fd=folder), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        content = file.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES or not stat.S_ISREG(mode):
        return ODD, ""
    return "x" if mode & stat.S_IXUSR else "f", f"sha256:{sha256(content).hexdigest()}"
