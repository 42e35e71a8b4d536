"""The person's tree as it is, uncommitted and untracked files included, as a commit."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from hocket.workspaces.staging import copy_index, stage, tree_of

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.workspaces.repository import Repository

_RUNS = b".hocket/runs/"


async def snapshot(repository: Repository, scratch: Path) -> str:
    """Commit the tree to no branch; the person's index and files are only read.

    `scratch` is where the copy of the index lies meanwhile; whoever calls has the turn.
    """
    await asyncio.to_thread(copy_index, repository.git.folder / "index", scratch)
    git = (await repository.git.hardened()).on(repository.top, scratch)
    await stage(git, repository.top, nested=False, without=os.fsencode(repository.prefix) + _RUNS)
    tree = await tree_of(git)
    head = await git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head.code != 0:
        return await git.line("commit-tree", tree, "-F", "-", given=b"the tree as it was\n")
    commit = os.fsdecode(head.out.strip())
    if tree == await git.line("rev-parse", f"{commit}^{{tree}}"):
        return commit
    given = b"the tree as it was\n"
    return await git.line("commit-tree", tree, "-p", commit, "-F", "-", given=given)
