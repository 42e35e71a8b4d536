"""The working directory, carried from one command of a call to the next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hocket_plugins.tools.shell.output import harmless
from hocket_plugins.tools.shell.shield import is_steering

if TYPE_CHECKING:
    from hocket.api.tools import ToolContext

_KEY = "shell.directory"


def ground_of(context: ToolContext) -> str:
    """Give the workspace at the end of all links."""
    return os.path.realpath(context.workspace.path)


def current(context: ToolContext) -> str:
    """Give where the next command begins: where the last one ended, if that is still there."""
    kept = context.memory.get(_KEY)
    ground = ground_of(context)
    return kept if isinstance(kept, str) and _is_folder_in(kept, ground) else ground


def told(context: ToolContext) -> str:
    """Name it for a model; empty for the workspace itself."""
    folder, ground = current(context), ground_of(context)
    return "" if folder == ground else harmless(os.fsencode(os.path.relpath(folder, ground)))


def carry(context: ToolContext, folder: str | None) -> bool:
    """Remember where a command ended; False when the next one does not begin there.

    That is so outside the workspace, and in what steers something later: rules judge the files
    of a command beneath the workspace.
    """
    if folder is None:
        return True
    ground = ground_of(context)
    if not _is_folder_in(folder, ground) or is_steering(os.path.relpath(folder, ground)):
        context.memory.pop(_KEY, None)
        return False
    context.memory[_KEY] = folder
    return True


def _is_folder_in(folder: str, ground: str) -> bool:
    # Whatever holds the descriptor may have written this: it is looked at, not believed.
    path = Path(folder)
    is_real = path.is_absolute() and os.path.realpath(folder) == folder
    return is_real and path.is_relative_to(ground) and path.is_dir()
