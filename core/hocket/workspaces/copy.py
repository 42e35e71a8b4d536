"""A copy of a project that is no repository, with a history of hocket's own beside it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import stat
from threading import Event
from typing import IO, TYPE_CHECKING

from hocket.errors import HocketError
from hocket.workspaces.endings import to_the_end
from hocket.workspaces.git import Git, surroundings
from hocket.workspaces.processes import finish
from hocket.workspaces.shelf import Record
from hocket.workspaces.walking import measure, walk

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from hocket.api.calls import Call
    from hocket.workspaces.shelf import Entry, Shelf

KIND = "copy"
_BASE = "refs/hocket/base"
_FICLONE = 0x40049409
_AS_IT_IS = "* -text -ident -filter !working-tree-encoding\n"
_FAST = (("core.compression", "0"),)


class Copy:
    """One copy, in whatever state it is."""

    def __init__(self, program: str, entry: Entry) -> None:
        self.entry = entry
        self._git = Git(program, entry.repository, overruled=_FAST)

    @property
    def path(self) -> Path:
        """Where the project is in it."""
        return self.entry.tree

    async def git(self) -> Git:
        """Give git on the copy's own repository, which the agent was never told of."""
        return await self._git.hardened()

    async def base(self) -> str:
        """Give the commit that holds the project as it was copied."""
        return await self._git.line("rev-parse", "--verify", _BASE)

    async def make(self, project: Path, without: Collection[bytes]) -> None:
        """Make it; raises HocketError when the project is too big, and is then removed."""
        source = os.fsencode(project)
        await asyncio.to_thread(measure, source, without)
        names = await self._copied(source, without)
        await self._begin_history()
        git = self._git.on(self.entry.tree, self.entry.folder / "index.new")
        # By name: what the project ignores is a part of it all the same.
        given = b"".join(name + b"\0" for name in names)
        await git.run("update-index", "--add", "-z", "--stdin", given=given)
        tree = await git.line("write-tree")
        commit = await git.line("commit-tree", tree, "-F", "-", given=b"the project as copied\n")
        await git.run("update-ref", _BASE, commit)
        (self.entry.folder / "index.new").rename(self.entry.index)

    async def record(self, git: Git, tree: str, message: bytes) -> tuple[str | None, str | None]:
        """Note nothing: a copy's history goes with it."""
        del git, tree, message
        return None, None

    async def remove(self, *, changed: bool = False) -> None:
        """Take it away."""
        del changed
        self.entry.leave()
        await asyncio.to_thread(self.entry.remove)

    async def _copied(self, source: bytes, without: Collection[bytes]) -> list[bytes]:
        stop, target = Event(), os.fsencode(self.entry.tree)
        # A thread cannot be cancelled: it looks before every file, and is waited for.
        copying = asyncio.to_thread(_copy_all, source, target, without, stop)
        return await to_the_end(copying, cancelled=stop.set)

    async def _begin_history(self) -> None:
        folder = self.entry.repository
        argv = [self._git.program, "init", "--quiet", "--bare", str(folder)]
        await finish(argv, surroundings([("init.templateDir", "")]), self.entry.folder)
        # Attributes of the project would change line ends on the way: here bytes are bytes.
        (folder / "info").mkdir(exist_ok=True)
        (folder / "info" / "attributes").write_text(_AS_IT_IS, "ascii")


def begin(shelf: Shelf, run_id: str, call: Call, project: Path) -> Entry:
    """Take a folder that nobody has."""
    record = Record(KIND, project.name or "tree", call.label)
    return next(
        entry for name in shelf.names(call) if (entry := shelf.entry(run_id, name, record)).make()
    )


def _copy_all(source: bytes, target: bytes, without: Collection[bytes], stop: Event) -> list[bytes]:
    """Copy folders, files and links, and name the files; sockets and pipes stay behind."""
    names: list[bytes] = []
    os.mkdir(target)  # noqa: PTH102  (bytes)
    for name, one in walk(source, without):
        if stop.is_set():
            break
        try:
            if _copy(one, os.path.join(target, name)):  # noqa: PTH118
                names.append(name)
        except OSError as cause:
            shown = name.decode("utf-8", "backslashreplace")
            raise HocketError(
                "isolation",
                found=f"{shown} cannot be copied: {cause.strerror}",
                expected="a project that can be read",
            ) from cause
    return [name for name in names if b".git" not in name.lower().split(b"/")]


def _copy(one: os.DirEntry[bytes], target: bytes) -> bool:
    mode = one.stat(follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode):
        os.mkdir(target)  # noqa: PTH102
    elif stat.S_ISLNK(mode):
        os.symlink(os.readlink(one.path), target)  # noqa: PTH115, PTH211
    elif stat.S_ISREG(mode):
        with open(one.path, "rb") as old, open(target, "xb") as new:  # noqa: PTH123
            _fill(new, old)
        shutil.copystat(one.path, target)
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _fill(new: IO[bytes], old: IO[bytes]) -> None:
    """Share the blocks of a file with its copy, where the file system can."""
    try:
        fcntl.ioctl(new, _FICLONE, old.fileno())
    except OSError:
        shutil.copyfileobj(old, new)
