"""Goes through a folder: every regular file, over no link, without what is ignored."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket_plugins.tools.files.confinement import Place
from hocket_plugins.tools.files.content import mended
from hocket_plugins.tools.files.ignoring import Ignoring, is_ignored
from hocket_plugins.tools.files.names import shown
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket_plugins.tools.files.confinement import Confinement

_LARGEST = 1024 * 1024
"""An ignore file larger than this is none."""


class Walk:
    """A way through the files beneath a folder, sorted, files before folders."""

    def __init__(self, ground: Confinement, top: Place) -> None:
        self._ground = ground
        self._top = top
        way = os.path.relpath(top.real, top.ground)
        self._prefix = "" if way == "." else f"{way}/"

    def files(self) -> Iterator[str]:
        """Give the names of files, relative to the top."""
        waiting = [("", self._above())]
        while waiting:
            folder, above = waiting.pop()
            files, folders, ignoring = self._look(folder, above)
            yield from files
            waiting.extend((inner, ignoring) for inner in reversed(folders))

    def _look(
        self, folder: str, above: tuple[Ignoring, ...]
    ) -> tuple[list[str], list[str], tuple[Ignoring, ...]]:
        place = self._ground.beneath(self._top, folder) if folder else self._top
        try:
            with self._ground.folder(place) as fd, os.scandir(fd) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
                ignoring = (*above, *self._ignoring(place))
                kinds = [self._kind(folder, entry, ignoring) for entry in entries]
        except (Trouble, OSError):
            # Not ours to read, or gone since it was listed: as if it were empty.
            return [], [], above
        names = [os.path.join(folder, entry.name) for entry in entries]  # noqa: PTH118
        files = [name for name, kind in zip(names, kinds, strict=True) if kind == "file"]
        folders = [name for name, kind in zip(names, kinds, strict=True) if kind == "folder"]
        return files, folders, ignoring

    def _kind(
        self, folder: str, entry: os.DirEntry[str], ignoring: tuple[Ignoring, ...]
    ) -> str | None:
        is_folder = entry.is_dir(follow_symlinks=False)
        name = shown(os.path.join(self._prefix, folder, entry.name))  # noqa: PTH118
        if entry.name == ".git" or is_ignored(ignoring, name, is_folder=is_folder):
            return None
        if is_folder:
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else None

    def _above(self) -> tuple[Ignoring, ...]:
        """Read the ignore files from the ground to the top, without the top's own."""
        files: list[Ignoring] = []
        folder = self._top.ground
        for part in self._prefix.split("/")[:-1]:
            step = os.path.relpath(folder, self._top.ground)
            files += self._ignoring(Place(folder, self._top.ground, step, self._top.outside))
            folder = os.path.join(folder, part)  # noqa: PTH118
        return tuple(files)

    def _ignoring(self, folder: Place) -> list[Ignoring]:
        place = self._ground.beneath(folder, ".gitignore")
        try:
            with self._ground.file(place) as file:
                text, _ = mended(file.read(_LARGEST))
        except (Trouble, OSError):
            return []
        way = os.path.relpath(folder.real, folder.ground)
        return [Ignoring("" if way == "." else shown(way), text)]
