"""Makes the tree of a call: a worktree where there is a repository, else a copy."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hocket.workspaces import copy, git, worktree
from hocket.workspaces.endings import to_the_end
from hocket.workspaces.repository import Repository
from hocket.workspaces.shelf import short
from hocket.workspaces.snapshot import snapshot
from hocket.workspaces.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from hocket.api.calls import Call
    from hocket.workspaces.preparing import Preparation
    from hocket.workspaces.shelf import Shelf

    Base = str
    """`head`, the invoking tree's commit; `tree`, that tree as it is; or a commit by its digest."""


class Grounds:
    """Makes trees, and knows which of them are in use here."""

    def __init__(self, project: Path, run_id: str, shelf: Shelf, preparation: Preparation) -> None:
        self._project, self._run_id = project, run_id
        self._shelf = shelf
        self._preparation = preparation
        self._turns: dict[Path, Turns] = {}
        self.busy: set[Path] = set()

    def turns_of(self, repository: Repository) -> Turns:
        """Give the turns at a repository: git makes and removes worktrees one at a time."""
        path = self._shelf.cache / "worktrees" / "locks" / short(repository.common)
        return self._turns.setdefault(repository.common, Turns(path))

    @asynccontextmanager
    async def ground(self, call: Call, base: Base) -> AsyncGenerator[worktree.Worktree | copy.Copy]:
        """Make and prepare a tree; whoever takes it brings it home. Raises HocketError."""
        program = git.program()
        repository = await Repository.of(self._project, program)
        made = (
            await self._copy(program, call)
            if repository is None
            else await self._worktree(repository, call, base)
        )
        try:
            await self._prepare(made)
            yield made
        finally:
            self.busy.discard(made.entry.folder)

    async def _prepare(self, made: worktree.Worktree | copy.Copy) -> None:
        try:
            await self._preparation.prepare(made.entry, self._project, made.path)
        except BaseException:
            await to_the_end(made.remove(changed=False))
            raise

    async def _worktree(self, repository: Repository, call: Call, base: Base) -> worktree.Worktree:
        turns = self.turns_of(repository)
        async with turns.turn():
            self._shelf.folder.mkdir(parents=True, exist_ok=True)
            commit = await self._commit(repository, base)
            entry = await worktree.begin(repository, self._shelf, self._run_id, call, commit)
            made = worktree.Worktree(repository, entry, turns)
            self.busy.add(entry.folder)
            try:
                await made.make()
            except BaseException:
                await to_the_end(made.discard())
                self.busy.discard(entry.folder)
                raise
            return made

    async def _commit(self, repository: Repository, base: Base) -> str:
        if base == "head":
            return await repository.head()
        if base == "tree":
            return await snapshot(repository, self._shelf.folder / "snapshot")
        return base

    async def _copy(self, program: str, call: Call) -> copy.Copy:
        entry = copy.begin(self._shelf, self._run_id, call, self._project)
        made = copy.Copy(program, entry)
        self.busy.add(entry.folder)
        try:
            # A copy of the runs would grow while it is made, and the cache holds the copies.
            runs = self._project / ".hocket" / "runs"
            await made.make(self._project, {os.fsencode(runs), os.fsencode(self._shelf.cache)})
        except BaseException:
            await to_the_end(made.remove())
            self.busy.discard(entry.folder)
            raise
        return made
