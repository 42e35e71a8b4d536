"""What of a workspace a sandboxed command can only read, and what it does not see."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

STEERING = (
    *(".git", ".hocket", ".claude", ".agents", ".vscode"),
    *(".mcp.json", "AGENTS.md", "CLAUDE.md", "hocket.lock"),
)
"""What runs or steers something later."""
RUNS = ".hocket/runs"
"""What other agents read and wrote, and the sockets by which runs take orders."""


def steering(ground: str) -> list[str]:
    """List what is there of it, at the end of its links, as far as that is in the workspace."""
    reals = (os.path.realpath(os.path.join(ground, name)) for name in STEERING)
    return sorted(
        {real for real in reals if real.startswith(f"{ground}/") and os.path.exists(real)}
    )


def hidden(ground: str) -> list[str]:
    """List the folders that are shown empty."""
    runs = os.path.join(ground, RUNS)
    return [runs] if os.path.isdir(runs) and os.path.realpath(runs) == runs else []


def repository(ground: str) -> list[str]:
    """Give the `.git` folder that a worktree belongs to, when that folder says so too.

    An agent may have written another folder into the worktree's `.git` file.
    """
    link = Path(ground, ".git")
    with suppress(OSError, UnicodeDecodeError):
        if link.is_file() and not link.is_symlink():
            said = link.read_text("utf-8").strip().removeprefix("gitdir: ")
            own = Path(ground, said).resolve()
            back = Path((own / "gitdir").read_text("utf-8").strip()).resolve()
            if own.parent.name == "worktrees" and back == link.resolve():
                return [str(own.parent.parent)]
    return []
