"""What a person should know about trees before a run: for the card."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.launch import trees
from hocket.workspaces.workspaces import Workspaces

if TYPE_CHECKING:
    from hocket.api.protocols import Backend
    from hocket.api.scripts import Script
    from hocket.launch.project import Project

DIRTY = (
    "the tree has changes that are not committed: isolated agents start from the last commit and "
    'do not see them (worktree.base = "tree" takes them along)'
)
IN_TURN = (
    "agents that edit without isolation share one tree and take turns; isolation='worktree' gives "
    "each its own"
)
_ISOLATES = re.compile(r"\bisolation\b")
_WRITES = re.compile(r"[\"'](Edit|Write)\b")
_FANS_OUT = re.compile(r"\b(parallel|pipeline)\s*\(")


def notes(project: Project, script: Script, backend: Backend) -> list[str]:
    """Say what a script's calls will and will not find in their trees."""
    if not backend.has_workspace:
        return []
    if not _ISOLATES.search(script.source):
        fans_out = _FANS_OUT.search(script.source) and _WRITES.search(script.source)
        return [IN_TURN] if fans_out else []
    if project.loaded.settings.worktree.base == "tree":
        return []
    try:
        return [DIRTY] if _is_dirty(project) else []
    except HocketError as trouble:
        return [trouble.message]


def _is_dirty(project: Project) -> bool:
    workspaces = Workspaces(
        project.root, "", trees.nowhere, lambda _run: True, trees.cache(project)
    )
    # Whoever prepares a run may do so inside of a loop or outside of one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, workspaces.is_dirty()).result()
