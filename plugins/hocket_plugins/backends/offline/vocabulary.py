"""Which words of a folder are names: those that it writes with a capital, wherever they stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.words import WORD, folded

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOSTLY = 9


class Vocabulary:
    """Counts how words are written inside of sentences; what begins one says nothing."""

    def __init__(self, texts: Iterable[str]) -> None:
        raised, plain, first = Counter[str](), Counter[str](), Counter[str]()
        for text in texts:
            found = WORD.findall(text)
            first.update(found[:1])
            raised.update(word for word in found[1:] if word[0].isupper())
            plain.update(word for word in found[1:] if not word[0].isupper())
        self._raised, self._plain, self._first = map(_folded, (raised, plain, first))

    def is_name(self, word: str) -> bool:
        """Whether the folder writes a folded word as a name."""
        raised = self._raised[word]
        return raised > 0 and raised >= _MOSTLY * self._plain[word]

    def is_common(self, word: str) -> bool:
        """Whether the folder writes it without a capital as well."""
        return self._plain[word] > 0

    def is_known(self, word: str) -> bool:
        """Whether it stands anywhere."""
        return bool(self._raised[word] or self._plain[word] or self._first[word])


def _folded(counts: Counter[str]) -> Counter[str]:
    """Put together what differs in accents and case alone; each way to write it is seen once."""
    known = Counter[str]()
    for word, count in counts.items():
        known[folded(word)] += count
    return known
