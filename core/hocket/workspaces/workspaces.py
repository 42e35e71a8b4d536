"""The trees that the calls of one run work in."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hocket.api.tools import Workspace
from hocket.workspaces import git
from hocket.workspaces.branches import Branches
from hocket.workspaces.cleaning import Cleaned, Cleaning
from hocket.workspaces.endings import to_the_end
from hocket.workspaces.fitting import Trial
from hocket.workspaces.grounds import Grounds
from hocket.workspaces.homecoming import bring_home
from hocket.workspaces.patches import goes_plain, put_in, put_in_plain
from hocket.workspaces.preparing import Preparation
from hocket.workspaces.repository import Repository
from hocket.workspaces.shelf import Shelf
from hocket.workspaces.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path
    from types import TracebackType

    from hocket.api.branches import Branch
    from hocket.api.calls import Call
    from hocket.workspaces.grounds import Base
    from hocket.workspaces.homecoming import Ground
    from hocket.workspaces.patches import Changes
    from hocket.workspaces.stacking import Examine, Load

NOTHING = Preparation()


class Opening:
    """A workspace for one call: `async with` gives it, and `changes` are known after the block."""

    def __init__(self, opened: Callable[[Opening], AbstractAsyncContextManager[Workspace]]) -> None:
        self.changes: Changes | None = None
        self._opened = opened(self)

    async def __aenter__(self) -> Workspace:
        """Make the tree; raises HocketError when there can be none."""
        return await self._opened.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Keep what changed, also of a call that failed, and take the tree away."""
        return await self._opened.__aexit__(kind, error, trace)


class Workspaces:
    """Gives every call its tree, and brings home what changed in it.

    `keep` keeps a patch with the run and gives its digest, `alive` says whether a run has a
    living process, and `cache` is the person's folder for what can be made again.
    """

    def __init__(
        self,
        project: Path,
        run_id: str,
        keep: Callable[[bytes], str],
        alive: Callable[[str], bool],
        cache: Path,
        *,
        preparation: Preparation = NOTHING,
    ) -> None:
        self._project, self._run_id = project, run_id
        self._keep, self._alive = keep, alive
        self._preparation = preparation
        self._shelf = Shelf(cache, project)
        self._tree = Turns(self._shelf.folder / "tree.lock")
        self._cleaning = Turns(self._shelf.folder / "cleaning.lock")
        self._grounds = Grounds(project, run_id, self._shelf, preparation)

    def open(self, call: Call, *, base: Base = "head") -> Opening:
        """Give a call a tree of its own."""
        return Opening(lambda opening: self._opened(opening, call, base))

    def branch(
        self, base: str, name: str | None, load: Load, examine: Examine
    ) -> AbstractAsyncContextManager[Branch]:
        """Open a branch of the run's own on which patches become commits."""
        branches = Branches(
            self._project, self._run_id, self._shelf, self._grounds, self._preparation
        )
        return branches.open(base, name, load, examine)

    @property
    def is_edited(self) -> bool:
        """Whether a call of this process has the turn at the person's own tree."""
        return self._tree.is_taken

    def editing(self) -> AbstractAsyncContextManager[None]:
        """Take the turn at the person's own tree: calls that edit it do so one at a time."""
        return self._tree.turn()

    async def is_dirty(self) -> bool:
        """Say whether the person's tree has changes that a worktree from HEAD would not see."""
        repository = await Repository.of(self._project, git.program())
        if repository is None:
            return False
        hardened = await repository.git.hardened()
        asked = ("status", "--porcelain", "--ignore-submodules=all", "-z")
        return await hardened.run(*asked) != b""

    async def apply(self, patch: bytes) -> None:
        """Put a patch into the person's tree; raises HocketError naming the conflicts."""
        program = git.program()
        async with self._tree.turn():
            repository = await Repository.of(self._project, program)
            if repository is None:
                await put_in_plain(program, self._project, patch)
            else:
                await put_in(repository, patch)

    async def present(self, patches: Sequence[bytes]) -> list[bool]:
        """Say of each patch, given in the order of applying, whether it is in the tree already."""
        program = git.program()
        async with self._tree.turn():
            repository = await Repository.of(self._project, program)
            if repository is None:
                there = self._project
                return [await goes_plain(program, there, one, "--reverse") for one in patches]
            return await Trial(repository, self._shelf.folder / "trial").present(patches)

    async def fits(self, patches: Sequence[bytes]) -> list[bool]:
        """Say which patches would go into the tree in this order, up to the first that would not.

        Nothing is changed. Outside of git each patch is tried by itself.
        """
        program = git.program()
        async with self._tree.turn():
            repository = await Repository.of(self._project, program)
            if repository is None:
                return [await goes_plain(program, self._project, patch) for patch in patches]
            return await Trial(repository, self._shelf.folder / "trial").fits(patches)

    async def clean(self) -> list[Cleaned]:
        """Bring home what dead processes left, this run's earlier lives included."""
        if not self._shelf.folder.is_dir():
            return []
        program = git.program()
        repository = await Repository.of(self._project, program)
        turns = self._grounds.turns_of(repository) if repository else self._cleaning
        look = Cleaning(self._shelf, repository, program, turns, self._keep)
        async with self._cleaning.turn():
            left = look.left(
                lambda run: run != self._run_id and self._alive(run), self._grounds.busy
            )
            cleaned = [await look.clean(*one) for one in left]
        return [one for one in cleaned if one is not None]

    def runs(self) -> set[str]:
        """List the runs that have trees here, or left some."""
        return {folder.parent.name for folder, _ in self._shelf.entries()}

    @asynccontextmanager
    async def _opened(self, opening: Opening, call: Call, base: Base) -> AsyncGenerator[Workspace]:
        async with self._grounds.ground(call, base) as ground:
            record = ground.entry.record
            base_commit, branch = record.base or None, record.branch or None
            try:
                roots = self._preparation.linked(ground.path)
                yield Workspace(ground.path, record.kind, roots, branch, base_commit)
            finally:
                await to_the_end(self._bring_home(opening, ground))

    async def _bring_home(self, opening: Opening, ground: Ground) -> None:
        opening.changes = await bring_home(ground, self._keep)
