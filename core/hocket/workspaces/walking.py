"""Walks a folder that nobody promised to be small."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MOST_BYTES = 2 * 10**9
MOST_FILES = 200_000


def walk(
    root: bytes, without: Collection[bytes] = ()
) -> Iterator[tuple[bytes, os.DirEntry[bytes]]]:
    """Give folders before what is in them, by their name beneath the root; follows no link."""
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(os.path.join(root, folder)) as found:  # noqa: PTH118  (bytes)
            for one in found:
                name = os.path.join(folder, one.name)  # noqa: PTH118
                if one.path in without:
                    continue
                if one.is_dir(follow_symlinks=False):
                    waiting.append(name)
                yield name, one


def measure(
    root: bytes,
    without: Collection[bytes],
    *,
    most_files: int = MOST_FILES,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Refuse a folder that is too big to copy; raises HocketError with its sizes."""
    files = size = 0
    for _, one in walk(root, without):
        if not one.is_dir(follow_symlinks=False):
            files += 1
            size += one.stat(follow_symlinks=False).st_size
        if files > most_files or size > most_bytes:
            raise HocketError(
                "isolation",
                found=f"the project is no git repository, and too big to copy: at least "
                f"{files:,} files and {size / 10**9:.1f} GB",
                expected=f"at most {most_files:,} files and {most_bytes / 10**9:g} GB",
                hint="Make it a repository (git init, and a commit), or start in a smaller folder.",
            )
