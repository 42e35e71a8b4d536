"""Brings home what a call changed, before its tree may go: at every step tree or patch exists."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from hocket.errors import HocketError
from hocket.workspaces.patches import Changes, count, patch_of, prove
from hocket.workspaces.staging import copy_index, stage, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hocket.workspaces.git import Git
    from hocket.workspaces.shelf import Entry


class Ground(Protocol):
    """A tree that was made for one call."""

    entry: Entry

    async def git(self) -> Git:
        """Give git on its repository, hardened against what is written there now."""
        ...

    async def base(self) -> str:
        """Give the commit that the agent began with."""
        ...

    async def record(self, git: Git, tree: str, message: bytes) -> tuple[str | None, str | None]:
        """Note the changed tree in its history; gives branch and base as a person knows them."""
        ...

    async def remove(self, *, changed: bool) -> None:
        """Take the tree away, and every trace of it if nothing changed."""
        ...


async def bring_home(ground: Ground, keep: Callable[[bytes], str]) -> Changes | None:
    """Keep what changed and take the tree away; raises HocketError and then the tree stays."""
    changes = await _collected(ground, keep) if ground.entry.index.exists() else None
    await ground.remove(changed=changes is not None)
    return changes


async def _collected(ground: Ground, keep: Callable[[bytes], str]) -> Changes | None:
    entry = ground.entry
    if not entry.is_whole:
        raise HocketError(
            "workspace",
            found=f"the tree {entry.tree} is gone, or something else is in its place",
            expected="the folder that the agent was given",
            hint="Nothing was deleted. What the agent did there cannot be told.",
        )
    git = (await ground.git()).on(entry.tree, await _scratch(entry, "work"))
    if entry.excluded.exists():
        git = git.excluding(entry.excluded)
    base = await ground.base()
    await stage(git, entry.tree, nested=True)
    tree = await tree_of(git)
    if tree == await git.line("rev-parse", f"{base}^{{tree}}"):
        return None
    branch, known = await ground.record(git, tree, _message(entry))
    patch = await patch_of(git, base, tree)
    await prove(git.on(entry.tree, await _scratch(entry, "proof")), base, tree, patch)
    counted = await count(git, base, tree)
    return Changes(keep(patch), branch, known, *counted)


async def _scratch(entry: Entry, name: str) -> Path:
    scratch = entry.folder / name
    await asyncio.to_thread(copy_index, entry.index, scratch)
    return scratch


def _message(entry: Entry) -> bytes:
    name = f"hocket {entry.run_id} {entry.folder.name}"
    title = " ".join(entry.record.title.split()) or name
    return f"{title}\n\n{name}\n".encode("utf-8", "replace")
