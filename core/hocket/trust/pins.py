"""What a person trusts, by project, as it is kept in their own folder for their eyes too.

`{"schema": 2, "projects": {ROOT: {"folder": {…}, "files": {PATH: SHA-256}}}}`. An older form held
the files alone, `{ROOT: {PATH: SHA-256}}`: those stay trusted, and their folders are asked about.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import JsonValue

SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person trusts of one project."""

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """The digest of what was shown, by path."""
    folder: Mapping[str, int] = field(default_factory=dict[str, int])
    """What the folder was known by when it was trusted; empty: only its files are."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is trusted."""
        return not self.files and not self.folder


class Damaged(Exception):
    """The file is not what was written: it trusts nothing."""


def identity(project: Path) -> dict[str, int]:
    """Say what a folder is known by, beside its path; empty where it cannot be looked at.

    Its inode: a folder put in the place of another has another one, on most file systems. When its
    repository was made: git writes `.git/description` once, as it does a worktree's `.git`, so
    another clone in the same place is told even if it got the inode of the first. A device is not
    compared: it changes with the next mount. Where both are alike, every file's pin still holds.
    """
    known: dict[str, int] = {}
    git = project / ".git"
    with suppress(OSError):
        known["inode"] = project.stat().st_ino
        made = git if git.is_file() else git / "description"
        known["repository"] = made.stat().st_mtime_ns
    return known


def is_same(kept: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether it is the folder that was trusted; one that became a repository since then is."""
    return "inode" in kept and all(now.get(name) == value for name, value in kept.items())


def load(file: Path) -> dict[str, Kept]:
    """Read all; raises Damaged. Where there is no file nothing is trusted."""
    try:
        told: JsonValue = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as cause:
        raise Damaged from cause
    if not isinstance(told, dict):
        raise Damaged
    if "schema" not in told:
        return {root: Kept(_texts(files)) for root, files in told.items()}
    projects = told.get("projects")
    if not isinstance(projects, dict):
        raise Damaged
    return {root: _kept(one) for root, one in projects.items()}


def dump(kept: Mapping[str, Kept]) -> bytes:
    """Write it down."""
    projects = {
        root: {"folder": dict(one.folder), "files": dict(one.files)}
        if one.folder
        else {"files": dict(one.files)}
        for root, one in sorted(kept.items())
        if not one.is_empty
    }
    return (json.dumps({"schema": SCHEMA, "projects": projects}, indent=1) + "\n").encode()


def write(path: Path, content: bytes) -> None:
    """Put a file in its place at once, for nobody else, and not through a link left there."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}.new")
    with suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    os.replace(draft, path)  # noqa: PTH105  (the rename is the point)


def _kept(one: JsonValue) -> Kept:
    if not isinstance(one, dict):
        raise Damaged
    folder = one.get("folder", {})
    if not isinstance(folder, dict):
        raise Damaged
    known = {name: value for name, value in folder.items() if isinstance(value, int)}
    return Kept(_texts(one.get("files", {})), known if known == folder else {})


def _texts(files: JsonValue) -> dict[str, str]:
    if not isinstance(files, dict):
        raise Damaged
    return {path: digest for path, digest in files.items() if isinstance(digest, str)}
