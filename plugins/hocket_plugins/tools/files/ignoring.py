"""What `.gitignore` files leave out; of all lines that fit, the last one holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket_plugins.tools.files.glob_pattern import glob
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from hocket_plugins.tools.files.regex import Regex


@dataclass(frozen=True, slots=True)
class _Line:
    fits: Regex
    keeps: bool
    folders_only: bool


class Ignoring:
    """The lines of one file, for the paths beneath its folder."""

    def __init__(self, folder: str, text: str) -> None:
        self._folder = folder
        self._lines = [line for raw in text.splitlines() if (line := _read(raw))]

    def ignores(self, path: str, *, is_folder: bool) -> bool | None:
        """Say whether a path is left out, is kept expressly (False), or is not named (None)."""
        inner = path.removeprefix(f"{self._folder}/") if self._folder else path
        for line in reversed(self._lines):
            if (is_folder or not line.folders_only) and line.fits.finds(inner):
                return not line.keeps
        return None


def is_ignored(files: tuple[Ignoring, ...], path: str, *, is_folder: bool) -> bool:
    """Ask the nearest file first."""
    answers = (one.ignores(path, is_folder=is_folder) for one in reversed(files))
    return next((answer for answer in answers if answer is not None), False)


def _read(raw: str) -> _Line | None:
    text = raw.rstrip()
    if not text or text.startswith("#"):
        return None
    keeps = text.startswith("!")
    pattern = text[1:] if keeps else text
    try:
        return _Line(glob(pattern, braces=False), keeps, pattern.endswith("/"))
    except Trouble:
        # A line that is no glob names no file, as in git.
        return None
