"""From a tree on disk to a tree in git: what changed since an index was written.

`git add -A` will not do: it looks into submodules with the settings it finds there, which an agent
can write, and of a repository inside the tree it takes the commit and leaves the files.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hocket.workspaces.git import Git

_DELETED = b"D"


async def stage(git: Git, tree: Path, *, nested: bool, without: bytes | None = None) -> None:
    """Bring the index of `git`, which is on `tree`, up to that.

    `nested`: files of repositories inside the tree come along, as files. Submodules stay as they
    are. `without` is a folder that is left out.
    """
    root = os.fsencode(tree)
    listed = await git.run("diff-files", "--name-status", "--ignore-submodules=all", "-z")
    tracked = [one for one in _pairs(listed) if not _beneath(one[1], without)]
    gone, here = await asyncio.to_thread(_sorted, root, tracked)
    # First what is gone: git does not list a folder while a file of that name is in the index.
    await _update(git, gone, "--force-remove")
    others = (await git.run("ls-files", "--others", "--exclude-standard", "-z")).split(b"\0")
    new = [name for name in others if name and not _beneath(name, without)]
    found = await asyncio.to_thread(_expanded, root, new) if nested else _plain(new)
    await _update(git, [*here, *found], "--add", "--replace")


def copy_index(index: Path, scratch: Path) -> None:
    """Copy an index with its time, which tells git the files to look into; it may be missing.

    `scratch` has one owner at a time, so a lock on it was left by a process that was killed.
    """
    scratch.with_name(f"{scratch.name}.lock").unlink(missing_ok=True)
    scratch.unlink(missing_ok=True)
    if index.exists():
        shutil.copy2(index, scratch)


async def tree_of(git: Git) -> str:
    """Write the index as a tree and give its name."""
    return await git.line("write-tree")


async def _update(git: Git, names: list[bytes], *how: str) -> None:
    if names:
        given = b"".join(name + b"\0" for name in names)
        await git.run("update-index", *how, "-z", "--stdin", given=given)


def _pairs(listed: bytes) -> Iterator[tuple[bytes, bytes]]:
    fields = listed.split(b"\0")
    return zip(fields[0:-1:2], fields[1::2], strict=True)


def _plain(names: Iterable[bytes]) -> list[bytes]:
    # A repository inside the tree is listed with a `/` at its end.
    return [name for name in names if not name.endswith(b"/")]


def _beneath(name: bytes, folder: bytes | None) -> bool:
    return folder is not None and (name + b"/").startswith(folder)


def _sorted(root: bytes, tracked: Iterable[tuple[bytes, bytes]]) -> tuple[list[bytes], list[bytes]]:
    """Tell names that are to go from those to be read; a pipe in place of a file is no file."""
    gone: list[bytes] = []
    here: list[bytes] = []
    for status, name in dict.fromkeys(tracked):
        kept = status != _DELETED and _is_file(os.path.join(root, name))  # noqa: PTH118
        (here if kept else gone).append(name)
    return gone, here


def _expanded(root: bytes, new: Iterable[bytes]) -> list[bytes]:
    """Put its files in the place of a repository inside the tree."""
    return [name for one in new for name in (_files(root, one) if one.endswith(b"/") else (one,))]


def _is_file(path: bytes) -> bool:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _files(root: bytes, folder: bytes) -> Iterator[bytes]:
    """List the files of a repository inside the tree, without what makes it one."""
    for path, folders, names in os.walk(os.path.join(root, folder)):  # noqa: PTH118
        folders[:] = [name for name in folders if name.lower() != b".git"]
        links = [name for name in folders if os.path.islink(os.path.join(path, name))]  # noqa: PTH114, PTH118
        for name in (*names, *links):
            whole = os.path.join(path, name)  # noqa: PTH118
            if name.lower() != b".git" and _is_file(whole):
                yield os.path.relpath(whole, root)
