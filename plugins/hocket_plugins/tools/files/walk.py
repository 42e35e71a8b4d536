"""Goes through a folder: every regular file, over no link, without what is ignored."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket_plugins.tools.files.content import mended
from hocket_plugins.tools.files.ignoring import Ignoring, is_ignored
from hocket_plugins.tools.files.names import shown
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket_plugins.tools.files.confinement import Confinement, Place

_LARGEST = 1024 * 1024
"""An ignore file larger than this is none."""


class Walk:
    """A way through the files beneath a folder, sorted."""

    def __init__(self, ground: Confinement, top: Place) -> None:
        self._ground = ground
        self._top = top

    def files(self) -> Iterator[str]:
        """Give the names of files, relative to the top."""
        above = self._above()
        waiting = [("", above)]
        while waiting:
            folder, ignoring = waiting.pop()
            files, folders, ignoring = self._look(folder, ignoring)
            yield from files
            waiting.extend((inner, ignoring) for inner in reversed(folders))

    def _look(
        self, folder: str, above: tuple[Ignoring, ...]
    ) -> tuple[list[str], list[str], tuple[Ignoring, ...]]:
        place = self._ground.beneath(self._top, folder) if folder else self._top
        try:
            with self._ground.folder(place) as fd, os.scandir(fd) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except (Trouble, OSError):
            # Not ours to read, or gone since it was listed: as if it were empty.
            return [], [], above
        ignoring = (*above, *self._ignoring(place))
        files: list[str] = []
        folders: list[str] = []
        for entry in entries:
            name = os.path.join(folder, entry.name)  # noqa: PTH118
            is_folder = entry.is_dir(follow_symlinks=False)
            if not self._left_out(name, ignoring, is_folder=is_folder):
                if is_folder:
                    folders.append(name)
                elif entry.is_file(follow_symlinks=False):
                    files.append(name)
        return files, folders, ignoring

    def _left_out(self, name: str, ignoring: tuple[Ignoring, ...], *, is_folder: bool) -> bool:
        place = self._ground.beneath(self._top, name)
        if os.path.basename(name) == ".git":  # noqa: PTH119
            return True
        return is_ignored(ignoring, _from_ground(place), is_folder=is_folder)

    def _above(self) -> tuple[Ignoring, ...]:
        """Read the ignore files between the ground and the top."""
        return ()

    def _ignoring(self, folder: Place) -> tuple[Ignoring, ...]:
        return ()


def _from_ground(place: Place) -> str:
    return shown(os.path.relpath(place.real, place.ground))
