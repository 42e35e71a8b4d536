"""Where paths of a use belong: the tree that the agent works in, else the project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder that relative paths begin in; with links it may have a second name."""

    folder: Path

    def beneath(self, path: str) -> str:
        """Name a path as rules do: beneath the folder where it is, else as it is."""
        plain = os.path.normpath(path)
        if not os.path.isabs(plain):  # noqa: PTH117
            return plain
        ways = (os.path.relpath(plain, one) for one in (self.folder, os.path.realpath(self.folder)))
        return next((way for way in ways if way.split("/")[0] != ".."), plain)

    def names(self, path: str) -> set[str]:
        """Give all names of a file: as typed, and where its links lead in this tree."""
        # What no file can be called is still judged; the system would refuse to look for it.
        plain = path.replace("\0", "").encode("utf-8", "replace").decode()
        return {path, self.beneath(path), self.beneath(os.path.realpath(self.folder / plain))}
