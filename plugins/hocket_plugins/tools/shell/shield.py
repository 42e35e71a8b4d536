"""What of a workspace a sandboxed command can only read, and what it does not see."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STEERING = (
    *(".git", ".hocket", ".claude", ".agents", ".vscode"),
    *(".mcp.json", "AGENTS.md", "CLAUDE.md", "hocket.lock"),
)
"""What runs or steers something later."""
RUNS = ".hocket/runs"
"""What other agents read and wrote, and the sockets by which runs take orders."""


def is_steering(name: str) -> bool:
    """Say whether a path beneath a workspace is, or lies in, what steers something later."""
    return not {one.casefold() for one in STEERING}.isdisjoint(name.casefold().split("/"))


def steering(ground: str) -> list[str]:
    """List what is there of it, at the end of its links, as far as that is in the workspace."""
    top = Path(ground)
    reals = {_real(top / name) for name in STEERING}
    inside = (real for real in reals if real != top and real.is_relative_to(top) and real.exists())
    return sorted(map(str, inside))


def hidden(ground: str, seen: Iterable[str] = (), project: str = "") -> list[str]:
    """List the folders that are shown empty: runs, in all that is shown and of the project.

    A link is followed only for a project beside the workspace: in one an agent could lay it, and
    so hide from a check what it likes.
    """
    shown = {Path(top): _real(Path(top)) for top in (ground, *seen)}
    home = _real(Path(project or ground))
    own = [runs for top in (*shown.values(), home) if _real(runs := top / RUNS) == runs]
    own += [] if home.is_relative_to(ground) else [_real(home / RUNS)]
    there = [runs for runs in own if runs.is_dir()]
    # A folder that is shown by way of a link is shown under the link's name.
    found = {
        str(top / runs.relative_to(real))
        for top, real in shown.items()
        for runs in there
        if _is_beneath(runs, real)
    }
    return sorted(found)


def repository(ground: str) -> list[str]:
    """Give the `.git` folder that a worktree belongs to, when that folder says so too.

    An agent may have written another folder into the worktree's `.git` file.
    """
    link = Path(ground, ".git")
    with suppress(OSError, ValueError):
        if link.is_file() and not link.is_symlink():
            said = link.read_text("utf-8").strip().removeprefix("gitdir: ")
            own = _real(Path(ground, said))
            back = _real(Path((own / "gitdir").read_text("utf-8").strip()))
            if own.parent.name == "worktrees" and back == _real(link):
                return [str(own.parent.parent)]
    return []


def _is_beneath(path: Path, top: Path) -> bool:
    return path != top and path.is_relative_to(top)


def _real(path: Path) -> Path:
    # Path.resolve() raises for links in a circle, and an agent can make those.
    return Path(os.path.realpath(path))
