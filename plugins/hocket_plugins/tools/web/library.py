"""An index of texts that lives as long as its process: SQLite's FTS5, ranked by bm25."""

from __future__ import annotations

import re
import sqlite3
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket_plugins.tools.web.shelf import Text

_WORD = re.compile(r"\w+")
_TABLE = (
    "CREATE VIRTUAL TABLE texts USING fts5"
    "(path UNINDEXED, title, body, tokenize = 'porter unicode61 remove_diacritics 2')"
)
_FIND = (
    "SELECT title, path, snippet(texts, 2, '', '', ' … ', 48) FROM texts WHERE texts MATCH ? "
    "ORDER BY bm25(texts, 0, 4, 1), path LIMIT ?"
)


class Library:
    """Holds texts and finds those that have the words; used by one thread at a time."""

    def __init__(self) -> None:
        # An empty name: SQLite puts it on disk when it grows, and deletes it by itself.
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.execute(_TABLE)
        weakref.finalize(self, self._base.close)

    @staticmethod
    def is_possible() -> bool:
        """Say whether this Python's SQLite has what it takes."""
        base = sqlite3.connect(":memory:")
        options = {row[0] for row in base.execute("PRAGMA compile_options")}
        base.close()
        return "ENABLE_FTS5" in options

    def add(self, text: Text) -> None:
        """Index a text."""
        self._base.execute("INSERT INTO texts VALUES (?, ?, ?)", (text.path, text.title, text.body))

    def search(self, query: str, most: int) -> list[tuple[str, str, str]]:
        """Give title, path and a passage of the texts with the most and the rarest of the words.

        Every word is quoted: none is an operator.
        """
        words = list(dict.fromkeys(_WORD.findall(query)))
        if not words:
            return []
        wanted = " OR ".join(f'"{word}"' for word in words)
        rows: list[tuple[str, str, str]] = self._base.execute(_FIND, (wanted, most)).fetchall()
        return rows
