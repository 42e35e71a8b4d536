"""Finds trees that a dead process left, and brings home what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError, StorageLost
from hocket.workspaces import copy, worktree
from hocket.workspaces.homecoming import bring_home
from hocket.workspaces.shelf import drop

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from hocket.workspaces.homecoming import Ground
    from hocket.workspaces.patches import Changes
    from hocket.workspaces.repository import Repository
    from hocket.workspaces.shelf import Entry, Shelf
    from hocket.workspaces.turns import Turns

    Alive = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of one tree that was left."""

    run_id: str
    name: str
    """The call's number and label, as in the name of its branch."""
    changes: Changes | None = None
    trouble: str | None = None
    """Why it was left where it is."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """One look through the shelf."""

    shelf: Shelf
    repository: Repository | None
    program: str
    turns: Turns
    keep: Callable[[bytes], str]

    def left(self, alive: Alive, busy: Collection[Path]) -> list[tuple[Path, Entry | None]]:
        """List what belongs to no living run, this process's own open trees excepted.

        Listed first and asked then: a tree that a run makes after it was asked is not listed.
        """
        entries = [one for one in self.shelf.entries() if one[0] not in busy]
        dead = {run for run in {one[0].parent.name for one in entries} if not alive(run)}
        return [one for one in entries if one[0].parent.name in dead]

    async def clean(self, folder: Path, entry: Entry | None) -> Cleaned | None:
        """Bring one home; None when there was nothing in it, or it is somebody else's."""
        if entry is None:
            return self._unrecorded(folder)
        ground = self._ground(entry)
        if ground is None:
            return None
        try:
            return await self._brought_home(ground)
        except StorageLost:
            raise
        except HocketError as cause:
            return Cleaned(entry.run_id, folder.name, trouble=cause.message)

    async def _brought_home(self, ground: Ground) -> Cleaned | None:
        entry = ground.entry
        run_id, name = entry.run_id, entry.folder.name
        if entry.gone.exists() or not entry.index.exists():
            # Its changes are kept, or nobody began to make any.
            await ground.remove(changed=entry.gone.exists())
            return None
        if not entry.is_there:
            await ground.remove(changed=True)
            return Cleaned(run_id, name, trouble=f"somebody deleted its tree {entry.tree}.")
        return Cleaned(run_id, name, await bring_home(ground, self.keep))

    def _ground(self, entry: Entry) -> Ground | None:
        """Give what was made; None for what is no longer hocket's: a person changed its lock."""
        if entry.record.kind == copy.KIND:
            return copy.Copy(self.program, entry)
        if self.repository is None:
            return None
        made = worktree.Worktree(self.repository, entry, self.turns)
        return made if made.is_locked_by_us else None

    def _unrecorded(self, folder: Path) -> Cleaned | None:
        """Delete what was killed before it had a record; leave a record that nobody can read."""
        if (folder / "record").exists():
            trouble = f"{folder}: its record cannot be read."
            return Cleaned(folder.parent.name, folder.name, trouble=trouble)
        drop(folder)
        return None
