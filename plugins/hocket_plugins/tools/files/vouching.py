"""Where the words of files come from: who vouches for the project, and for which of its files."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.api.tools import TRUSTED, Label
from hocket.errors import UsageError
from hocket_plugins.tools.files.glob_pattern import glob
from hocket_plugins.tools.files.names import shown
from hocket_plugins.tools.files.protection import RUNS
from hocket_plugins.tools.files.regex import Regex
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocket_plugins.tools.files.confinement import Place

PROJECT = "project"
"""The source of all words of a project that nobody trusts."""
OTHERS = "other files"
"""The source that stands for those beyond the most that are named."""
MOST_SOURCES, LONGEST_SOURCE = 20, 200
_NO_HANDLE = str.maketrans({one: f"\\u{ord(one):04x}" for one in "⟦⟧"})


class Vouching:
    """Says which files nobody vouches for: a file counts by its place and by its typed name."""

    def __init__(self, *, is_trusted: bool = True, outside: Iterable[str] = ()) -> None:
        globs = [_tidy(one) for one in outside]
        self.everywhere = TRUSTED if is_trusted else _from(PROJECT)
        """Where even names and error texts come from."""
        self._is_all = "" in globs
        # What other agents wrote down is no better vouched for than what they read.
        self._globs = [_compiled(one) for one in (RUNS, *globs) if one]

    def label(self, *places: Place) -> Label:
        """Say where the words of some files come from, and their names; only a few are named."""
        found = [source for place in places if (source := self._source(place)) is not None]
        sources = [*dict.fromkeys(found)]
        if len(sources) > MOST_SOURCES:
            sources = [*sources[:MOST_SOURCES], OTHERS]
        return self.everywhere | (_from(*sources) if sources else TRUSTED)

    def _source(self, place: Place) -> str | None:
        if place.outside:
            return place.ground
        fits = self._is_all or any(
            one.finds(name) for name in _spellings(place) for one in self._globs
        )
        return inert(place.name) if fits else None


def inert(name: str) -> str:
    """Write a path so that it steers no terminal, hides nothing, is no handle, and is short."""
    seen = visible(name).translate(_NO_HANDLE)
    return seen if len(seen) <= LONGEST_SOURCE else f"{seen[: LONGEST_SOURCE - 1]}…"


def _from(*sources: str) -> Label:
    return Label(outside=True, sources=frozenset(sources))


def _tidy(pattern: str) -> str:
    """Give the empty text for the project as a whole, however it is written."""
    inner = pattern.removeprefix("./")
    return "" if inner.strip("/") in {"", "."} else inner


def _compiled(pattern: str) -> Regex:
    """Compile a glob; what differs in case only may be the same file, so it fits as well."""
    try:
        return Regex(f"(?i){glob(unicodedata.normalize('NFC', pattern)).pattern}")
    except Trouble as cause:
        raise UsageError(
            "outside_paths",
            found=f"'{inert(pattern)}' is no glob",
            expected="globs like inbox/** or *.eml",
        ) from cause


def _spellings(place: Place) -> Iterator[str]:
    """Give the names of a file and of all folders above it, in every way they may be written."""
    for raw in dict.fromkeys((os.path.relpath(place.real, place.ground), place.typed)):
        lossy = os.fsencode(raw).decode("utf-8", "replace")
        for name in dict.fromkeys((shown(raw), lossy)):
            parts = unicodedata.normalize("NFC", name).split("/")
            yield from ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
