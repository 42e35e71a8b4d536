"""Where things live: the project, the person's folders, and the machine's managed settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREIGN = (Path(".claude/workflows"), Path(".agents/skills"), Path(".claude/skills"))
"""Folders of other programs that are read as well, in this order; hocket never writes there."""

MANAGED = {"darwin": "/Library/Application Support/hocket", "win32": "C:/ProgramData/hocket"}


def project_root(start: Path) -> Path:
    """Find the nearest folder with `.hocket/` or a repository of its own, else take `start`.

    A clone inside a project is another project: who trusts the one has not seen the other. A
    worktree and a submodule, which have a file `.git`, belong to the project around them.
    """
    upward = (start, *start.parents)
    own = [one for one in upward if (one / ".hocket").is_dir() or (one / ".git").is_dir()]
    rooted = [folder for folder in upward if (folder / ".git").exists()]
    return next(iter((*own, *rooted, start)))


def runs_dir(project: Path) -> Path:
    """Say where a project's runs are kept."""
    return project / ".hocket" / "runs"


def user_config(env: Mapping[str, str] = os.environ) -> Path:
    """Say where the person's settings are; `HOCKET_CONFIG_HOME` moves them."""
    return _placed("HOCKET_CONFIG_HOME", "user_config_dir", env)


def user_data(env: Mapping[str, str] = os.environ) -> Path:
    """Say where the person's workflows, receipts and trust are; `HOCKET_DATA_HOME` moves them."""
    return _placed("HOCKET_DATA_HOME", "user_data_dir", env)


def user_cache(env: Mapping[str, str] = os.environ) -> Path:
    """Say where what can be made again is kept; `HOCKET_CACHE_HOME` moves it."""
    return _placed("HOCKET_CACHE_HOME", "user_cache_dir", env)


def managed_config() -> Path:
    """Say where the machine's owner keeps the settings that win over all.

    No variable moves it: who may set one could leave the owner's rules behind.
    """
    return Path(MANAGED.get(sys.platform, "/etc/hocket"))


def workflow_dirs(here: Path, home: Path, env: Mapping[str, str] = os.environ) -> list[Path]:
    """List the existing folders that hold workflows, files and bundles, the strongest first."""
    root = project_root(here)
    upward = [folder for folder in (here, *here.parents) if folder.is_relative_to(root)]
    own = [folder / ".hocket" / "workflows" for folder in upward]
    foreign = [folder / name for name in FOREIGN for folder in upward]
    personal = [user_data(env) / "workflows", *(home / name for name in FOREIGN)]
    # A project that is the home folder itself would name its folders twice, and so does a link.
    once: dict[str, Path] = {}
    for path in (*own, *foreign, *personal):
        once.setdefault(os.path.realpath(path), path)
    # Not Path.is_dir(): it raises where a folder above may not be entered.
    return [path for path in once.values() if os.path.isdir(path)]  # noqa: PTH112


def shown(path: Path, project: Path) -> str:
    """Write a path as a person may see it: without the project, and without the home folder."""
    if path.is_relative_to(project):
        return str(path.relative_to(project))
    home = _home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def _home() -> Path:
    # Path.home() raises where there is none, platformdirs in some versions only.
    return Path(os.path.expanduser("~"))  # noqa: PTH111


def _placed(variable: str, folder: str, env: Mapping[str, str]) -> Path:
    if moved := env.get(variable):
        return Path(moved)
    if not _home().is_absolute():
        raise UsageError(
            "places",
            found="there is no home folder",
            expected=f"one, or {variable}",
            hint=f"Set HOME or {variable} to a folder of yours.",
        )
    import platformdirs  # noqa: PLC0415  7 ms that a moved folder need not pay

    return Path(getattr(platformdirs, folder)("hocket", appauthor=False))
