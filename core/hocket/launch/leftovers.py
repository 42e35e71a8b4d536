"""What runs left when their process died: processes are ended, and trees brought home."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket import paths
from hocket.errors import RunHeld, StorageLost, UsageError
from hocket.launch import trees
from hocket.workspaces.cleaning import Cleaned
from hocket.workspaces.processes import reap
from hocket.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hocket.api.calls import JsonObject
    from hocket.launch.opened import Opened
    from hocket.launch.project import Project


@dataclass(frozen=True, slots=True)
class Found:
    """What was found and what became of it."""

    processes: int
    trees: tuple[Cleaned, ...]
    orphans: tuple[str, ...] = ()
    """Patches of runs that were deleted: files, as a person may see them."""

    @property
    def notes(self) -> list[str]:
        """Say it in sentences for a person."""
        several = "processes" if self.processes > 1 else "process"
        ended = [f"ended {self.processes} {several} that a dead run had left"]
        kept = [f"what a deleted run had left is kept as {path}" for path in self.orphans]
        return [*(ended if self.processes else ()), *map(sentence, self.trees), *kept]

    def as_json(self) -> JsonObject:
        """Say it to a program."""
        return {
            "processes": self.processes,
            "trees": [
                {
                    "run_id": one.run_id,
                    "name": one.name,
                    "changes": None if one.changes is None else asdict(one.changes),
                    "trouble": one.trouble,
                }
                for one in self.trees
            ],
            "patches": [*self.orphans],
        }


def sentence(one: Cleaned) -> str:
    """Say what became of one tree."""
    who = f"run {one.run_id}, call {one.name}" if one.name else f"run {one.run_id}"
    if one.trouble is not None:
        return f"{who}: what it left stays where it is: {one.trouble}"
    changes = one.changes
    if changes is None:
        return f"{who}: nothing was changed in its tree, which is gone"
    place = f"branch {changes.branch}" if changes.branch else f"artifact {changes.patch[:12]}"
    files = "1 file" if changes.files == 1 else f"{changes.files} files"
    return f"{who}: its tree is gone, what it had changed is kept ({files}): {place}"


async def clean(project: Project, own: Opened | None = None) -> Found:
    """Clean up after every run of the project that nobody lives, the held one's earlier lives too.

    A run that somebody takes meanwhile is theirs to clean.
    """
    look = _Look(project, own)
    processes = await reap(look.is_left)
    cleaned = [one async for one in look.trees()]
    return Found(processes, tuple(cleaned), tuple(look.orphans))


class _Look:
    """One look at what is there."""

    def __init__(self, project: Project, own: Opened | None) -> None:
        self._project = project
        self._own = own
        self._store = project.store()
        self._run_of = trees.marked_run(project.root)
        self.orphans: list[str] = []

    def is_left(self, mark: str) -> bool:
        """Say whether a process with this mark is of a life that ended."""
        run_id = self._run_of(mark)
        return run_id is not None and self._is_dead(run_id)

    async def trees(self) -> AsyncGenerator[Cleaned]:
        """Bring home the trees run by run, each into its own run."""
        for run_id in sorted(self._workspaces("", trees.nowhere).runs()):
            if self._is_dead(run_id):
                for cleaned in await self._of(run_id):
                    yield cleaned

    def _is_dead(self, run_id: str) -> bool:
        is_own = self._own is not None and run_id == self._own.run_id
        return is_own or not trees.is_alive(self._store, run_id)

    async def _of(self, run_id: str) -> list[Cleaned]:
        if self._own is not None and run_id == self._own.run_id:
            held = self._own.held
            return await self._workspaces(run_id, lambda patch: trees.keep(held, patch)).clean()
        try:
            return await self._of_another(run_id)
        except StorageLost as lost:
            # What is wrong with an old run must not hold up another one.
            return [Cleaned(run_id, "", trouble=lost.message)]

    async def _of_another(self, run_id: str) -> list[Cleaned]:
        try:
            taken = self._store.hold(run_id)
        except RunHeld:
            return []
        except UsageError:
            return await self._workspaces(run_id, self._apart).clean()
        try:
            return await self._workspaces(run_id, lambda patch: trees.keep(taken, patch)).clean()
        finally:
            taken.release()

    def _workspaces(self, run_id: str, keep: Callable[[bytes], str]) -> Workspaces:
        # All others count as alive: each run is cleaned by itself.
        root, cache = self._project.root, trees.cache(self._project)
        return Workspaces(root, run_id, keep, lambda other: other != run_id, cache)

    def _apart(self, patch: bytes) -> str:
        """Keep the patch of a run that has no folder any more among the person's own data."""
        digest = sha256(patch).hexdigest()
        folder = self._project.plugin_settings.data
        if folder is None:
            raise UsageError("patch", found="there is no folder to keep it in", expected="one")
        path = folder / "patches" / f"{digest}.patch"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(patch)
        except OSError as cause:
            raise StorageLost("patch", found=cause.strerror or "it cannot be kept") from cause
        self.orphans.append(paths.shown(path, self._project.root))
        return digest
