"""A folder of texts, searched by their words."""

from __future__ import annotations

import asyncio
from threading import Event, Lock
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.engine import Found, Hit
from hocket_plugins.tools.web.library import Library

if TYPE_CHECKING:
    from hocket_plugins.tools.web.shelf import Shelf

FOLDER = "web.folder"
_FILL_S = 20.0
"""So long one search reads texts that are not indexed yet; the next one goes on from there."""


class Corpus:
    """Reads the folder at the first search; what changes later in the run is not seen."""

    def __init__(self, shelf: Shelf, *, outside: bool, fill_s: float = _FILL_S) -> None:
        self.outside, self.source = outside, FOLDER
        self._fill_s = fill_s
        self._shelf = shelf
        self._lock = Lock()
        self._library: Library | None = None

    def lacks(self) -> str | None:
        """Lack the folder, or an SQLite that can search."""
        if not self._shelf.folder.is_dir():
            return "the folder that web.folder names is not there"
        return None if Library.is_possible() else "this Python's SQLite has no FTS5"

    async def find(self, query: str, most: int) -> Found:
        """Search what is indexed, and index the rest before that as far as time allows."""
        stop = Event()
        try:
            async with asyncio.timeout(self._fill_s):
                await asyncio.to_thread(self._fill, stop)
        except TimeoutError:
            pass
        finally:
            # Nobody can end a thread: it looks here before each text.
            stop.set()
        return await asyncio.to_thread(self._search, query, most)

    def _fill(self, stop: Event) -> None:
        with self._lock:
            self._library = self._library or Library()
            for text in self._shelf.texts(stop):
                self._library.add(text)

    def _search(self, query: str, most: int) -> Found:
        with self._lock:
            self._library = self._library or Library()
            hits = tuple(Hit(*row) for row in self._library.search(query, most))
        remark = (
            ""
            if self._shelf.is_empty
            else (
                f"only {self._shelf.taken:,} texts are indexed so far; search again for the others"
            )
        )
        return Found(hits, frozenset({FOLDER}), remark)
