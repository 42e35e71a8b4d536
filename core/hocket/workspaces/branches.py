"""Opens branches of a run's own: a new worktree and branch at a commit that a person has."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NoReturn

from hocket.errors import HocketError
from hocket.workspaces import git
from hocket.workspaces.endings import to_the_end
from hocket.workspaces.repository import Repository
from hocket.workspaces.shelf import Record
from hocket.workspaces.stacking import Stack, Trunk
from hocket.workspaces.worktree import KIND

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

    from hocket.api.branches import Branch, Examined, Put
    from hocket.workspaces.grounds import Grounds
    from hocket.workspaces.preparing import Preparation
    from hocket.workspaces.shelf import Entry, Shelf
    from hocket.workspaces.stacking import Examine, Load

NAME = "integrated"
_LONGEST = 40


class Branches:
    """Makes branches for one run; the patches on them are the run's."""

    def __init__(
        self,
        project: Path,
        run_id: str,
        shelf: Shelf,
        grounds: Grounds,
        preparation: Preparation,
    ) -> None:
        self._project, self._run_id = project, run_id
        self._shelf = shelf
        self._grounds = grounds
        self._preparation = preparation

    @asynccontextmanager
    async def open(
        self, base: str, name: str | None, load: Load, examine: Examine
    ) -> AsyncGenerator[Branch]:
        """Give a branch, or what says why there can be none; its worktree goes at the end."""
        try:
            trunk = await self._trunk(base, _slug(name or NAME))
        except HocketError as trouble:
            yield NoBranch(trouble.found)
            return
        kept = False
        try:
            stack = Stack(trunk, self._preparation.linked(trunk.path), load, examine)
            await stack.begin()
            yield stack
            kept = True
        finally:
            await to_the_end(trunk.remove(changed=kept))
            self._grounds.busy.discard(trunk.entry.folder)

    async def _trunk(self, base: str, name: str) -> Trunk:
        """Make and prepare the worktree; raises HocketError, and then there is none."""
        repository = await Repository.of(self._project, git.program())
        if repository is None:
            raise HocketError("branch", found="the project is in no git repository")
        commit = await _commit(repository, base)
        turns = self._grounds.turns_of(repository)
        async with turns.turn():
            self._shelf.folder.mkdir(parents=True, exist_ok=True)
            trunk = Trunk(repository, await self._entry(repository, commit, name), turns)
            self._grounds.busy.add(trunk.entry.folder)
            try:
                await trunk.make()
            except BaseException:
                await to_the_end(trunk.discard())
                self._grounds.busy.discard(trunk.entry.folder)
                raise
        try:
            await self._preparation.prepare(trunk.entry, self._project, trunk.path)
        except BaseException:
            await to_the_end(trunk.remove(changed=False))
            self._grounds.busy.discard(trunk.entry.folder)
            raise
        return trunk

    async def _entry(self, repository: Repository, base: str, name: str) -> Entry:
        """Take a name that no branch and no folder has; whoever calls has the turn."""
        names = (f"{name}-{number}" if number > 1 else name for number in count(1))
        while True:
            free = next(names)
            branch = f"hocket/{self._run_id}/{free}"
            if await _commit_of(repository, f"refs/heads/{branch}") is not None:
                continue
            record = Record(KIND, repository.top.name or "tree", name, base, branch)
            entry = self._shelf.entry(self._run_id, free, record)
            if entry.make():
                return entry


@dataclass(frozen=True, slots=True)
class NoBranch:
    """Stands where no branch can be."""

    obstacle: str | None
    name: str = ""
    base: str = ""
    head: str = ""

    async def files(self, _patch: str) -> tuple[str, ...]:
        """Refuse."""
        self._refuse()

    async def put(self, _patch: str) -> Put:
        """Refuse."""
        self._refuse()

    async def commit(self, _messages: Sequence[str]) -> tuple[str, ...]:
        """Refuse."""
        self._refuse()

    async def undo(self) -> None:
        """Refuse."""
        self._refuse()

    async def back_to(self, _commit: str) -> None:
        """Refuse."""
        self._refuse()

    async def check(self, _name: str) -> Examined:
        """Refuse."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise HocketError("branch", found=f"there is none: {self.obstacle}")


async def _commit(repository: Repository, base: str) -> str:
    if base == "HEAD":
        return await repository.head()
    found = None if base.startswith("-") else await _commit_of(repository, base)
    if found is None:
        raise HocketError("branch", found=f"base {base!r} is no commit here")
    return found


async def _commit_of(repository: Repository, revision: str) -> str | None:
    asked = ("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    ended = await repository.git.ask(*asked)
    return None if ended.code else ended.out.decode().strip()


def _slug(name: str) -> str:
    """Give a name that is one part of a branch and one folder."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:_LONGEST].strip("-") or NAME
