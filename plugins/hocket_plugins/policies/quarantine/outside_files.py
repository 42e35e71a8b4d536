"""Which attached files hold words from outside: said of them, by a glob, or by a folder's trust."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from hocket_plugins.policies.quarantine.globs import ANY_DEPTH, parts

if TYPE_CHECKING:
    from hocket.api.calls import Attached
    from hocket.api.settings import PluginSettings

BUNDLE = "bundle:"
"""Begins the name of a script's own file: who trusts the script trusts it."""
RUNS = (".hocket", "runs")
"""What agents wrote down there is no better vouched for than what they read."""


class OutsideFiles:
    """What the settings say about the files of a project."""

    def __init__(self, settings: PluginSettings) -> None:
        self._project = settings.project
        self._globs = [each for glob in settings.outside for each in parts(_spelled(glob))]
        self._is_trusted = settings.is_trusted

    def holds(self, attached: Attached) -> bool:
        """Say whether a file, or anything in a folder, may hold words from outside."""
        if attached.untrusted:
            return True
        if attached.path.startswith(BUNDLE):
            return False
        return not self._is_trusted or self._is_meant(attached.path)

    def _is_meant(self, path: str) -> bool:
        root = self._project.resolve()
        found = (root / path).resolve()
        # Both names count: a link must not lead around a glob, nor a glob name a link in vain.
        names = {found, Path(root / path)}
        inside = (one.relative_to(root) for one in names if one.is_relative_to(root))
        ways = {tuple(map(_spelled, one.parts)) for one in inside}
        is_folder = found.is_dir()
        return any(way[: len(RUNS)] == RUNS for way in ways) or any(
            _fits(glob, way) or (is_folder and _reaches(glob, way))
            for glob in self._globs
            for way in ways
        )


def _spelled(text: str) -> str:
    """Write names alike that may be one file somewhere: in another case, or composed."""
    return normalize("NFC", text).casefold()


def _fits(glob: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Say whether a glob is about a path or a folder that it lies in."""
    if not glob:
        return True
    if glob[0] == ANY_DEPTH:
        if len(glob) == 1:
            return bool(path)
        return any(_fits(glob[1:], path[skip:]) for skip in range(len(path) + 1))
    return bool(path) and bool(_name(glob[0]).match(path[0])) and _fits(glob[1:], path[1:])


def _reaches(glob: tuple[str, ...], folder: tuple[str, ...]) -> bool:
    """Say whether a glob may be about something in a folder; nobody looks what is there."""
    if not folder or glob[0] == ANY_DEPTH:
        return True
    return bool(glob[1:] and _name(glob[0]).match(folder[0])) and _reaches(glob[1:], folder[1:])


@cache
def _name(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob))
