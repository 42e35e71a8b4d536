"""The trees that the calls of one run work in."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Literal, Self

from hocket.api.tools import Workspace
from hocket.workspaces import copy, git, worktree
from hocket.workspaces.cleaning import Cleaned, Cleaning
from hocket.workspaces.homecoming import bring_home
from hocket.workspaces.patches import put_in, put_in_plain
from hocket.workspaces.preparing import Preparation
from hocket.workspaces.repository import Repository
from hocket.workspaces.shelf import Shelf, short
from hocket.workspaces.staging import stage
from hocket.workspaces.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path
    from types import TracebackType

    from hocket.api.calls import Call
    from hocket.workspaces.patches import Changes

    Base = Literal["head", "tree"]

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
