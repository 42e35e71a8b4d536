"""A worktree of the project's repository for one call: locked, on a branch of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from platform import node
from typing import TYPE_CHECKING

from hocket.workspaces.endings import to_the_end
from hocket.workspaces.git import Git
from hocket.workspaces.shelf import Record

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.calls import Call
    from hocket.workspaces.repository import Repository
    from hocket.workspaces.shelf import Entry, Shelf
    from hocket.workspaces.turns import Turns

KIND = "worktree"


class Worktree:
    """One worktree, in whatever state it is."""

    def __init__(self, repository: Repository, entry: Entry, turns: Turns) -> None:
        self.entry = entry
        self._repository = repository
        self._turns = turns
        self._ref = f"refs/heads/{entry.record.branch}"

    @property
    def path(self) -> Path:
        """Where the project is in it."""
        return self.entry.tree / self._repository.prefix

    @property
    def is_locked_by_us(self) -> bool:
        """Whether the repository knows it under hocket's lock, or does not know it (any more)."""
        reasons = [_line(admin / "locked") for admin in self._admins()]
        return reasons in ([], [os.fsencode(self._reason)])

    async def git(self) -> Git:
        """Give git on the person's repository: the worktree's own `.git` is the agent's."""
        return await self._repository.git.hardened()

    async def base(self) -> str:
        """Give the commit that it was made from."""
        return self.entry.record.base

    async def make(self) -> None:
        """Make it; whoever calls has the turn, and removes it when this raises."""
        git, tree = await self.git(), self.entry.tree
        # Locked from its first moment, and the branch only then: a kill in between leaves
        # nothing that the lock's reason does not lead to.
        locked = ("--lock", "--reason", self._reason)
        await git.run("worktree", "add", "--detach", *locked, str(tree), self.entry.record.base)
        await git.run("update-ref", "--no-deref", self._ref, self.entry.record.base, "")
        (admin,) = self._admins()
        await Git(git.program, admin).run("symbolic-ref", "HEAD", self._ref)
        self.path.mkdir(parents=True, exist_ok=True)
        index, new = admin / "index", self.entry.folder / "index.new"
        await to_the_end(asyncio.to_thread(shutil.copy2, index, new))
        new.rename(self.entry.index)

    async def record(self, git: Git, tree: str, message: bytes) -> tuple[str | None, str | None]:
        """Make the changes one commit on the branch, whatever the agent did to the branch."""
        base = self.entry.record.base
        commit = await git.line("commit-tree", tree, "-p", base, "-F", "-", given=message)
        await git.run("update-ref", "--no-deref", self._ref, commit)
        return self.entry.record.branch, base

    async def remove(self, *, changed: bool) -> None:
        """Take it away, and its branch if nothing is on it."""
        async with self._turns.turn():
            await self.discard(changed=changed)

    async def discard(self, *, changed: bool = False) -> None:
        """Take it away; whoever calls has the turn."""
        git = self._repository.git
        if not changed and (await git.ask("rev-parse", "--verify", "-q", self._ref)).code == 0:
            await git.run("update-ref", "--no-deref", "-d", self._ref)
        self.entry.leave()
        if self._admins():
            # By name: `prune` would take worktrees of the person's that are only unmounted.
            await git.run("worktree", "remove", "--force", "--force", str(self.entry.tree))
        await asyncio.to_thread(self.entry.remove)

    @property
    def _reason(self) -> str:
        return f"hocket {self.entry.run_id} {node()}"

    def _admins(self) -> list[Path]:
        """Find what the repository keeps about it: one folder, or none."""
        mine = os.fsencode(self.entry.tree / ".git")
        pointers = self._repository.common.glob("worktrees/*/gitdir")
        return [one.parent for one in pointers if _line(one) == mine]


def _line(path: Path) -> bytes:
    # Another process may just be taking a worktree of its own away.
    with suppress(OSError):
        return path.read_bytes().removesuffix(b"\n")
    return b""


async def begin(repository: Repository, shelf: Shelf, run_id: str, call: Call, base: str) -> Entry:
    """Take a folder and the name of a branch that nobody has; whoever calls has the turn."""
    names = shelf.names(call)
    while True:
        name = next(names)
        branch = f"hocket/{run_id}/{name}"
        ref = f"refs/heads/{branch}"
        if (await repository.git.ask("rev-parse", "--verify", "--quiet", ref)).code == 0:
            continue
        record = Record(KIND, repository.top.name or "tree", call.label, base, branch)
        entry = shelf.entry(run_id, name, record)
        if entry.make():
            return entry
