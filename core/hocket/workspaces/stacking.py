"""Patches on a branch: put on top of each other in a worktree, looked at, and made commits."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.branches import Put
from hocket.api.tools import Workspace
from hocket.errors import HocketError
from hocket.workspaces.conflicts import conflicts, touched
from hocket.workspaces.endings import to_the_end
from hocket.workspaces.shelf import drop
from hocket.workspaces.staging import tree_of
from hocket.workspaces.worktree import KIND, Worktree

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hocket.api.branches import Examined
    from hocket.workspaces.git import Git

    Load = Callable[[str], bytes | None]
    """Gives a patch by its digest; None when the run does not keep it."""
    Examine = Callable[[str, Workspace, str], Awaitable[Examined]]
    """Runs a check by its name in a tree, if it may; the last is what git calls the tree."""


class Trunk(Worktree):
    """The worktree of a branch. Its index lies elsewhere than an agent's.

    So cleaning up after a dead process takes tree and branch away: nobody worked here, and a
    resume integrates anew.
    """

    @property
    def index(self) -> Path:
        """The index that counts; the one that commands in the tree see is a copy."""
        return self.entry.folder / "trunk"

    async def make(self) -> None:
        """Make it; whoever calls has the turn, and removes it when this raises."""
        await super().make()
        self.entry.index.rename(self.index)

    async def point(self, git: Git, commit: str) -> None:
        """Let the branch be at a commit."""
        await git.run("update-ref", "--no-deref", self._ref, commit)

    async def show(self) -> None:
        """Let git in the tree see the index as it is: a check may ask what has changed."""
        for admin in self._admins():
            await to_the_end(asyncio.to_thread(shutil.copy2, self.index, admin / "index"))


class Stack:
    """One branch, from its making to its end."""

    obstacle: str | None = None

    def __init__(self, trunk: Trunk, roots: tuple[Path, ...], load: Load, examine: Examine) -> None:
        record = trunk.entry.record
        self.name, self.base, self.head = record.branch, record.base, record.base
        self._trunk, self._roots = trunk, roots
        self._load, self._examine = load, examine
        self._put: list[str] = []
        """The trees after each patch that is no commit yet."""
        self._trees: dict[str, str] = {}
        """The commits of this branch, and the tree of each."""
        self._prepared: frozenset[bytes] = frozenset()

    async def begin(self) -> None:
        """Look at the new tree: what its preparation left there stays."""
        git = await self._git()
        self._trees[self.base] = await git.line("rev-parse", f"{self.base}^{{tree}}")
        self._prepared = frozenset(await _others(git))

    async def files(self, patch: str) -> tuple[str, ...]:
        """List the files that a patch touches."""
        content = self._load(patch)
        return await touched(await self._git(), content) if content else ()

    async def put(self, patch: str) -> Put:
        """Apply a patch three-way; one that does not fit leaves nothing behind."""
        content = self._load(patch)
        if content is None:
            return Put(clean=False, changed=False, cause="the run does not keep its patch")
        if not content:
            return Put(clean=True, changed=False)
        git = await self._git()
        ended = await git.ask("apply", "--3way", "--index", "--binary", "-", given=content)
        if ended.code != 0:
            hunks = await conflicts(git, self._trunk.entry.tree, content, ended)
            await self._restore(git)
            return Put(clean=False, changed=False, hunks=hunks)
        tree = await tree_of(git)
        if tree == self._tree:
            return Put(clean=True, changed=False)
        self._put.append(tree)
        return Put(clean=True)

    async def commit(self, messages: Sequence[str]) -> tuple[str, ...]:
        """Make a commit of every patch that was put and changed something."""
        git = await self._git()
        made: list[str] = []
        for tree, message in zip(self._put, messages, strict=True):
            given = _message(message)
            asked = ("commit-tree", tree, "-p", self.head, "-F", "-")
            self.head = await git.line(*asked, given=given)
            self._trees[self.head] = tree
            made.append(self.head)
        self._put.clear()
        await self._trunk.point(git, self.head)
        return tuple(made)

    async def undo(self) -> None:
        """Take out what is not committed."""
        await self.back_to(self.head)

    async def back_to(self, commit: str) -> None:
        """Go to a commit of this branch; raises KeyError for any other."""
        if commit not in self._trees:
            raise KeyError(commit)
        self.head = commit
        self._put.clear()
        git = await self._git()
        await self._trunk.point(git, commit)
        await self._restore(git)

    async def check(self, name: str) -> Examined:
        """Run a check in the tree, and put back what it changed there."""
        await self._trunk.show()
        place = Workspace(self._trunk.path, KIND, self._roots, self.name, self.base)
        examined = await self._examine(name, place, self._tree)
        await self._restore(await self._git())
        return examined

    @property
    def _tree(self) -> str:
        return self._put[-1] if self._put else self._trees[self.head]

    async def _git(self) -> Git:
        """Give git on the tree, hardened against what a check may have written by now."""
        entry = self._trunk.entry
        if not entry.is_whole:
            raise HocketError(
                "branch",
                found=f"its tree {entry.tree} is gone, or something else is in its place",
                expected="the folder that was made for it",
            )
        git = (await self._trunk.git()).on(entry.tree, self._trunk.index)
        return git.excluding(entry.excluded) if entry.excluded.exists() else git

    async def _restore(self, git: Git) -> None:
        """Bring index and files to what was put last; what git ignores stays, as in any tree."""
        await git.run("read-tree", "--reset", "-u", self._tree)
        strays = [name for name in await _others(git) if name not in self._prepared]
        await asyncio.to_thread(_remove, os.fsencode(self._trunk.entry.tree), strays)


async def _others(git: Git) -> list[bytes]:
    """List files that are in no commit and not ignored."""
    listed = await git.run("ls-files", "--others", "--exclude-standard", "-z")
    return [name for name in listed.split(b"\0") if name]


def _remove(root: bytes, names: list[bytes]) -> None:
    for name in names:
        path = os.path.join(root, name)  # noqa: PTH118  (a name may be no UTF-8)
        if name.endswith(b"/"):  # a repository in the tree
            drop(Path(os.fsdecode(path)))
        else:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108


def _message(text: str) -> bytes:
    return text.replace("\0", " ").strip().encode("utf-8", "replace") + b"\n"
