"""Reads a package out of a folder, by directory handle: no link is followed, no pipe waited for."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.registry.trees.intake import MOST_FILE_BYTES, MOST_MEMBERS, Intake

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.api.protocols import Tree

_NOTHING = frozenset[str]()
_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY
_OTHERS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}


def read_folder(who: str, root: Path, inside: str = "", litter: frozenset[str] = _NOTHING) -> Tree:
    """Read every file beneath a folder once, within the rules for trees.

    `root` is where a person or a registry says; the way from there to `inside` may not be a link.
    What is named as `litter` is passed over, for hocket's own folder alone: whoever installs it
    leaves compiled files there. Raises TreeRefused with every breach, and HocketError for what
    cannot be read.
    """
    intake = Intake(who)
    try:
        with _entered(intake, root, inside) as folder:
            _walk(intake, folder, "", litter)
    except OSError as cause:
        found = f"it cannot be read: {cause.strerror}"
        raise HocketError(who, found=found, hint="Nothing of it was taken.") from cause
    return intake.tree()


@contextmanager
def _entered(intake: Intake, root: Path, inside: str) -> Generator[int]:
    folder = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
    try:
        for part in inside.split("/") if inside else ():
            folder = _stepped(intake, folder, inside, part)
        yield folder
    finally:
        os.close(folder)


def _stepped(intake: Intake, folder: int, inside: str, part: str) -> int:
    """Go one step down, and close what was left."""
    if part in {"", ".", ".."} or "\0" in part:
        intake.stop(inside, "leads out of where it belongs")
    if not stat.S_ISDIR(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode):
        intake.stop(inside, f"is no folder at {part!r}")
    below = os.open(part, _FOLDER, dir_fd=folder)
    os.close(folder)
    return below


def _walk(intake: Intake, folder: int, above: str, litter: frozenset[str]) -> None:
    with os.scandir(folder) as found:
        # What comes after that many is never looked at: counting them refuses the whole.
        names = sorted(one.name for one in islice(found, MOST_MEMBERS + 1))
    for name in (one for one in names if one not in litter):
        path = f"{above}{name}"
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            _go_down(intake, (folder, name), path, litter)
        elif not stat.S_ISREG(status.st_mode):
            intake.refuse(path, _OTHERS.get(stat.S_IFMT(status.st_mode), "no file"))
        elif intake.wants(path, status.st_size):
            _read(intake, folder, name, path)


def _go_down(intake: Intake, at: tuple[int, str], path: str, litter: frozenset[str]) -> None:
    if not intake.enters(path):
        return
    folder, name = at
    below = os.open(name, _FOLDER, dir_fd=folder)
    try:
        _walk(intake, below, f"{path}/", litter)
    finally:
        os.close(below)


def _read(intake: Intake, folder: int, name: str, path: str) -> None:
    """Read the one file that was opened, whatever lies under its name by now."""
    with os.fdopen(os.open(name, _SAFE, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            intake.stop(path, "was exchanged while it was read")
        content = file.read(min(status.st_size, MOST_FILE_BYTES) + 1)
        intake.take("x" if status.st_mode & stat.S_IXUSR else "f", path, content)
