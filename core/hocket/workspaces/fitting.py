"""Which patches are in the person's tree already, and which would go in: tried on a copy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.workspaces.staging import copy_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hocket.workspaces.git import Git
    from hocket.workspaces.repository import Repository


class Trial:
    """The person's index as a copy, in which patches can be tried."""

    def __init__(self, repository: Repository, scratch: Path) -> None:
        self._repository = repository
        self._scratch = scratch

    async def present(self, patches: Sequence[bytes]) -> list[bool]:
        """Say of each patch whether it is there: taken out from the last to the first, it goes.

        One by one that could not be told: a later patch may have changed the same lines again.
        """
        git = await self._fresh()
        found = [await _goes(git, patch, "--reverse") for patch in reversed(patches)]
        return found[::-1]

    async def fits(self, patches: Sequence[bytes]) -> list[bool]:
        """Say which patches would go in, one after the other, until the first that would not."""
        git = await self._fresh()
        found: list[bool] = []
        for patch in patches:
            found.append(await _goes(git, patch, "--3way"))
            if not found[-1]:
                break
        return found

    async def _fresh(self) -> Git:
        git = await self._repository.git.hardened()
        index = self._repository.git.folder / "index"
        await asyncio.to_thread(self._scratch.parent.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(copy_index, index, self._scratch)
        return git.on(self._repository.top, self._scratch)


async def _goes(git: Git, patch: bytes, how: str) -> bool:
    ended = await git.ask("apply", how, "--cached", "--binary", "-", given=patch)
    return ended.code == 0
