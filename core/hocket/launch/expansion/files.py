"""The files of a folder: what git does not ignore, or outside of git all that is not hidden."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hocket.api.protected import is_secret
from hocket.launch.expansion.found import Unusable
from hocket.launch.expansion.tracked import Tracked

if TYPE_CHECKING:
    from pathlib import Path

MOST_FILES = 200_000


class Files:
    """Lists the files of a project, once, and of other folders."""

    def __init__(self, root: Path, most: int = MOST_FILES) -> None:
        self._root = root
        self._most = most
        self.all = cache(self._all)

    def beneath(self, folder: Path) -> list[Path]:
        """List the regular files beneath a folder, in their order; no link is followed."""
        names = self._named(folder) if folder.is_relative_to(self._root) else []
        # A folder that git ignores as a whole was meant all the same by who typed its name.
        found = names or [folder / name for name in _walked(folder, self._most)]
        return [file for file in found if _is_there(file)]

    def _named(self, folder: Path) -> list[Path]:
        way = folder.relative_to(self._root).as_posix()
        prefix = "" if way == "." else f"{way}/"
        return [self._root / name for name in self.all() if name.startswith(prefix)]

    def _all(self) -> list[str]:
        tracked = Tracked.of(self._root)
        names = tracked.names() if tracked else _walked(self._root, self._most)
        return sorted(name for name in names if _is_there(self._root / name))


def is_shown(name: str) -> bool:
    """Say whether a name is neither hidden nor that of a file with keys."""
    return not any(part.startswith(".") for part in name.split("/")) and not is_secret(name)


def _walked(folder: Path, most: int) -> list[str]:
    """List what is not hidden; raises Unusable for a folder that nobody can have meant."""
    found: list[str] = []
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if is_shown(name)]
        way = os.path.relpath(top, folder)
        found += [os.path.normpath(f"{way}/{name}") for name in names if is_shown(name)]
        if len(found) > most:
            raise Unusable(f"{folder} has more than {most:,} files", "a smaller folder")
    return sorted(found)


def _is_there(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()
