"""The ways to what is changed: by directory handle, and over no link."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import PackageRefused

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.registry.installing.disk import Disk
    from hocket.registry.scopes import Scope

_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY


def anchor(scope: Scope, path: Path) -> tuple[Path, tuple[str, ...]]:
    """Split a path of a scope: what the person chose, links and all, and the parts below it."""
    for root in (scope.data, scope.root):
        if path.is_relative_to(root):
            return root, path.relative_to(root).parts
    raise PackageRefused(str(path), ["lies outside its scope"], "tree")


@contextmanager
def entered(disk: Disk, scope: Scope, path: Path) -> Generator[int]:
    """Walk to a folder and make what is missing; raises PackageRefused for a link on the way."""
    root, parts = anchor(scope, path)
    make_root(disk, root)
    folder = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
    try:
        for part in parts:
            if kind_at(folder, part) is None:
                # Before the lock is held another command may make the same one.
                with suppress(FileExistsError):
                    disk.make_folder(folder, part)
                disk.sync(folder)
            folder = _stepped(path, folder, part)
        yield folder
    finally:
        os.close(folder)


@contextmanager
def found(scope: Scope, path: Path) -> Generator[int | None]:
    """Walk to a folder, None where it is absent; changes nothing and refuses the same."""
    root, parts = anchor(scope, path)
    try:
        folder = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
    except FileNotFoundError:
        yield None
        return
    try:
        is_there = True
        for part in parts:
            is_there = kind_at(folder, part) is not None
            if not is_there:
                break
            folder = _stepped(path, folder, part)
        yield folder if is_there else None
    finally:
        os.close(folder)


def names(folder: int) -> list[str]:
    """Give what lies in an open folder, sorted."""
    with os.scandir(folder) as entries:
        return sorted(one.name for one in entries)


def kind_at(folder: int, name: str) -> int | None:
    """Tell what lies under a name, itself and not what it points to; None: nothing."""
    try:
        return stat.S_IFMT(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return None


def opened(folder: int, name: str) -> int:
    """Open a folder in a folder; a link is an error of the system."""
    return os.open(name, _FOLDER, dir_fd=folder)


def _stepped(path: Path, folder: int, part: str) -> int:
    if part == ".." or kind_at(folder, part) != stat.S_IFDIR:
        what = f"{visible(part)!r} is a link or no folder: nothing is written beyond it"
        raise PackageRefused(visible(str(path)), [what], "tree", hint="Nothing was changed.")
    below = opened(folder, part)
    os.close(folder)
    return below


def make_root(disk: Disk, root: Path) -> None:
    """Make a folder that a person chose, with those above it."""
    missing = [one for one in (root, *root.parents) if not one.exists()]
    for one in reversed(missing):
        above = os.open(one.parent, _FOLDER & ~os.O_NOFOLLOW)
        try:
            with suppress(FileExistsError):
                disk.make_folder(above, one.name)
        finally:
            os.close(above)
