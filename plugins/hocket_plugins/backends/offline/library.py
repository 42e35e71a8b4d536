"""All sentences of some files, found by their words: SQLite's FTS5, ranked by bm25."""

from __future__ import annotations

import math
import os
import sqlite3
import weakref
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.meaning import meaning
from hocket_plugins.backends.offline.vocabulary import Vocabulary
from hocket_plugins.backends.offline.words import stems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hocket_plugins.backends.offline.document import Document
    from hocket_plugins.backends.offline.meaning import Meaning

MOST_SENTENCES = 200_000
_TABLE = (
    "CREATE VIRTUAL TABLE sentences USING fts5"
    "(stems, content = '', tokenize = \"unicode61 remove_diacritics 0\")"
)
_ADD = "INSERT INTO sentences (rowid, stems) VALUES (?, ?)"
_FIND = (
    "SELECT rowid FROM sentences WHERE sentences MATCH ? ORDER BY bm25(sentences), rowid LIMIT ?"
)
_ASIDE = 0.6
"""A word that stands beside a name in so many of its sentences says nothing of its own."""
_FEW = 4


@dataclass(eq=False, slots=True)
class Passage:
    """A sentence in its document, with what it is made of once somebody asked."""

    number: int
    document: Document
    quote: str
    line: int


class Library:
    """The sentences of documents; several threads may ask."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)
        self.passages = [
            Passage(number, document, sentence.quote, sentence.line)
            for number, (document, sentence) in enumerate(
                (document, sentence) for document in documents for sentence in document.sentences
            )
        ][:MOST_SENTENCES]
        self.vocabulary = Vocabulary(passage.quote for passage in self.passages)
        self._by_path = {document.path: document for document in documents}
        self._meanings: dict[int, Meaning] = {}
        self._counts = Counter[str]()
        self._lock = Lock()
        self._base = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._base.execute(_TABLE)
        weakref.finalize(self, self._base.close)
        self._fill()

    def document(self, path: str) -> Document | None:
        """Give the document at a place."""
        return self._by_path.get(os.path.realpath(path))

    def find(self, words: Iterable[str], most: int) -> list[Passage]:
        """Give the sentences with the most and the rarest of these words."""
        wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(words) if word.isalnum())
        if not wanted:
            return []
        with self._lock:
            rows: list[tuple[int]] = self._base.execute(_FIND, (wanted, most)).fetchall()
        return [self.passages[number] for (number,) in rows]

    def meaning(self, passage: Passage) -> Meaning:
        """Read a sentence once; one that is of no file has a number below zero."""
        if passage.number < 0:
            return self.read(passage.quote)
        known = self._meanings.get(passage.number)
        if known is None:
            known = self._meanings[passage.number] = self.read(passage.quote)
        return known

    def read(self, text: str) -> Meaning:
        """Read any text by the names that these files know."""
        return meaning(text, self.vocabulary)

    def knows(self, term: str) -> bool:
        """Whether any sentence has it."""
        return self._counts[term] > 0

    def weight(self, terms: Iterable[str]) -> float:
        """Add up how rare the terms are; one that no sentence has counts fully."""
        return sum(self._rarity(term) for term in terms)

    def share(self, part: Collection[str], whole: Collection[str]) -> float:
        """Say how much of the whole's weight the part holds."""
        total = self.weight(whole)
        return self.weight(set(part) & set(whole)) / total if total else 0.0

    def telling(self, names: frozenset[str], words: Iterable[str]) -> frozenset[str]:
        """Leave out words that stand beside these names nearly everywhere: part of a name."""
        beside = self._beside.get(names)
        if beside is None:
            about = [one for one in self.find(names, MOST_SENTENCES) if names <= self._all(one)]
            beside = (Counter(term for one in about for term in self._all(one)), len(about))
            self._beside[names] = beside
        counts, total = beside
        is_few = not names or total < _FEW
        return frozenset(word for word in words if is_few or counts[word] < _ASIDE * total)

    @cached_property
    def _beside(self) -> dict[frozenset[str], tuple[Mapping[str, int], int]]:
        return {}

    def _all(self, passage: Passage) -> frozenset[str]:
        return self.meaning(passage).terms

    def _rarity(self, term: str) -> float:
        return math.log(1 + (len(self.passages) + 1) / (self._counts[term] + 0.5))

    def _fill(self) -> None:
        rows = [(passage.number, _stems(passage.quote)) for passage in self.passages]
        for _, words in rows:
            self._counts.update(words)
        self._base.execute("BEGIN")
        self._base.executemany(_ADD, ((number, " ".join(words)) for number, words in rows))
        self._base.execute("COMMIT")


def _stems(text: str) -> set[str]:
    return set(stems(text))
