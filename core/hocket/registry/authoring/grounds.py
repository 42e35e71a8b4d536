"""Opens a registry for an edit, alone: a folder, or a branch of the repository it lies in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hocket.errors import NotFound, UsageError
from hocket.registry.authoring.branch import Branch
from hocket.registry.authoring.folder import Folder, held
from hocket.registry.authoring.git import repository

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.registry.authoring.change import Ground


@contextmanager
def opened(root: Path, branch: str = "") -> Generator[Ground]:
    """Hold a registry while it is edited, once what an earlier edit left is in order."""
    if not root.is_dir():
        raise NotFound("registry", found=f"there is no folder {root.name!r}")
    with held(root):
        folder = Folder(root)
        folder.recover()
        git = repository(root)
        if git is not None:
            yield Branch(git, folder, branch)
        elif branch:
            raise UsageError(
                "--branch",
                found="the registry lies in no git repository",
                expected="a registry with branches",
                hint="Nothing was changed.",
            )
        else:
            yield folder
