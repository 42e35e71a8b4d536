"""What of a workspace a sandboxed command can only read, and what it does not see."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.protected import is_literal_only
from hocket.api.reach import is_free

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.api.ceiling import Ceiling

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


def writable(ground: str, ceiling: Ceiling | None) -> list[str] | None:
    """List what a command may write beneath a ceiling; None: the whole workspace.

    Folders (`reports/**`) are made, for nothing can be shown that is not there; of other globs
    only files that are there and named in full. What no wildcard covers stays read-only.
    """
    if is_free(ceiling) or ceiling is None:
        return None
    top = Path(ground)
    folders = [top / glob.removesuffix("**") for glob in ceiling.write if _is_folder(glob)]
    files = [path for glob in ceiling.write if (path := top / glob).is_file()]
    for folder in folders:
        with suppress(OSError):
            if folder == _real(folder):
                folder.mkdir(parents=True, exist_ok=True)
    there = (*(folder for folder in folders if folder.is_dir()), *files)
    return sorted({str(path) for path in there if path == _real(path)})


def spelled_out(folders: Iterable[str], ceiling: Ceiling | None) -> list[str]:
    """List what lies in folders that may be written, and only by its own name."""
    tops = [Path(folder) for folder in folders if Path(folder).is_dir()]
    there = (path for top in tops for path in sorted(top.iterdir()) if path == _real(path))
    named = ceiling.write if ceiling is not None else ()
    said = {part for glob in named for part in glob.split("/")}
    return [str(path) for path in there if is_literal_only(path.name) and path.name not in said]


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


def _is_folder(glob: str) -> bool:
    """Say whether a glob is all that lies in one folder."""
    folder = glob.removesuffix("**")
    return folder != glob and not set("*?[") & set(folder) and (not folder or folder[-1] == "/")


def _is_beneath(path: Path, top: Path) -> bool:
    return path != top and path.is_relative_to(top)


def _real(path: Path) -> Path:
    # Path.resolve() raises for links in a circle, and an agent can make those.
    return Path(os.path.realpath(path))
