"""A question as rules see it, and which sentences may answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.comparing import is_near
from hocket_plugins.backends.offline.quantities import DATES, DAY, MONEY, MONTH, YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hocket_plugins.backends.offline.library import Library, Passage
    from hocket_plugins.backends.offline.meaning import Meaning

    Wanted = Callable[["Meaning", "Meaning"], bool]

COVERAGE = 0.34
"""So much of a question without names a sentence must hold: there is nothing else to go by."""
MOST_FOUND = 400


def _has_year(_question: Meaning, told: Meaning) -> bool:
    return any(one.unit in {YEAR, DAY} for one in told.quantities)


def _has_money(_question: Meaning, told: Meaning) -> bool:
    return any(one.unit in MONEY for one in told.quantities)


def _has_number(_question: Meaning, told: Meaning) -> bool:
    return any(one.unit not in DATES | MONEY for one in told.quantities)


def _has_name(question: Meaning, told: Meaning) -> bool:
    return bool(told.names - question.terms)


def _has_colour(_question: Meaning, told: Meaning) -> bool:
    return bool(told.colours)


_WANTED: tuple[tuple[re.Pattern[str], Wanted, frozenset[str]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), wanted, frozenset(stems.split()))
    for pattern, wanted, stems in (
        (r"when|(?:which|what) (?:year|date|day)|since when", _has_year, "year date day"),
        ((r"how much (?:\w+ ){0,6}(?:cost|spent|paid|pay|price)|what (?:\w+ ){0,6}(?:cost|price)"
         r"|how expensive"), _has_money, "much expensiv"),
        (r"how (?:many|long|tall|high|deep|wide|far|heavy|large|big)", _has_number, "large big"),
        (r"who|whose|by whom", _has_name, ""),
        (r"(?:which|what) colou?r", _has_colour, "colour"),
    )
)  # fmt: skip


_RARE = (_has_money, _has_colour)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of whom, about what, and which kind of thing would answer it."""

    meaning: Meaning
    words: frozenset[str]
    """Those beside its names that say something of their own."""
    wanted: Wanted | None = None
    wider: frozenset[str] = frozenset()
    """Words beside the question: they rank what qualifies, and qualify nothing."""

    @classmethod
    def of(cls, text: str, library: Library, more: Iterable[str] = ()) -> Question:
        """Read a question; `more` are further words that an answer may be made of."""
        read = library.read(text)
        found = next((one for one in _WANTED if one[0].search(text)), None)
        own = read.words - found[2] if found else read.words
        wider = frozenset(word for term in more for word in library.read(term).words) - read.words
        words = library.telling(read.names, own)
        return cls(read, words, found[1] if found else None, wider)

    def is_answered(self, told: Meaning, library: Library) -> bool:
        """Whether a sentence qualifies: all names, one of the other words, the kind of thing."""
        if not self.meaning.names <= told.terms:
            return False
        if self.wanted is not None and not self.wanted(self.meaning, told):
            return False
        # Few sentences name a price or a colour: beside the name that is word enough.
        is_told = bool(self.words & told.terms) or self.wanted in _RARE
        return (is_told or not self.words) and self._is_covered(told, library)

    def _is_covered(self, told: Meaning, library: Library) -> bool:
        is_named = bool(self.meaning.names)
        return is_named or self.coverage(told, library) >= COVERAGE

    def coverage(self, told: Meaning, library: Library) -> float:
        """Say how much of the question's weight a sentence holds."""
        return round(library.share(told.terms, self.meaning.names | self.words), 6)

    @property
    def is_of_time(self) -> bool:
        """Whether a day or a year is wanted."""
        return self.wanted is _has_year

    def favour(self, passage: Passage, library: Library) -> tuple[int, str]:
        """Order what is as near: of days the more exact ones first, then the newest file."""
        told = library.meaning(passage).quantities
        exact = {one.unit for one in told} & {DAY, MONTH} if self.is_of_time else ()
        return len(exact), passage.document.date or ""

    def rank(self, told: Meaning, library: Library) -> tuple[float, float]:
        """Order what qualifies: by coverage, then by what stands beside the question."""
        return (-self.coverage(told, library), -round(library.share(told.terms, self.wider), 6))


def answering(
    question: Question, library: Library, among: Sequence[Passage] | None = None
) -> list[tuple[float, Passage]]:
    """Give the sentences that qualify, the most telling first, of equal ones the newest.

    `among`: of these alone.
    """
    names = question.meaning.names
    if among is None:
        among = library.find(names | question.words, MOST_FOUND)
    told = [one for one in among if question.is_answered(library.meaning(one), library)]
    told.sort(key=lambda one: one.number)
    told.sort(key=lambda one: question.favour(one, library), reverse=True)
    told.sort(key=lambda one: question.rank(library.meaning(one), library))
    return [(question.coverage(library.meaning(one), library), one) for one in told]


def picked(
    found: Iterable[tuple[float, Passage]], library: Library, most: int
) -> list[tuple[float, Passage]]:
    """Leave out what nearly says what a better one says."""
    kept: list[tuple[float, Passage]] = []
    for share, passage in found:
        if len(kept) == most:
            break
        told = library.meaning(passage)
        if not any(is_near(told, library.meaning(one), library) for _, one in kept):
            kept.append((share, passage))
    return kept
