"""What a sentence is made of, as far as rules can tell: words, names, numbers, a negation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.quantities import DAY, MONTH, YEAR, quantities
from hocket_plugins.backends.offline.words import (
    COLOURS,
    MONTHS,
    NEGATIONS,
    STOP,
    WORD,
    folded,
    stem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket_plugins.backends.offline.quantities import Quantity
    from hocket_plugins.backends.offline.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence as rules see it."""

    words: frozenset[str]
    """Stems of what says something and is no name."""
    names: frozenset[str]
    quantities: tuple[Quantity, ...]
    is_negated: bool

    @property
    def terms(self) -> frozenset[str]:
        """Words and names."""
        return self.words | self.names

    @property
    def colours(self) -> frozenset[str]:
        """The colours it names."""
        return self.words & COLOURS

    def has_common_number(self, other: Meaning) -> bool:
        """Whether each of its numbers stands there as well."""
        return all(any(one.is_common(two) for two in other.quantities) for one in self.quantities)

    def has_fitting_number(self, other: Meaning) -> bool:
        """Whether each of its numbers stands there; of a date so much as is told there."""
        return all(
            any(one.is_common(two) for two in other.quantities) or self._is_left_open(one, other)
            for one in self.quantities
        )

    def _is_left_open(self, one: Quantity, other: Meaning) -> bool:
        """Whether the other names the year of a day or a month, and nothing more exact."""
        if one.unit not in {DAY, MONTH} or any(two.unit == one.unit for two in other.quantities):
            return False
        years = [two for two in self.quantities if two.unit == YEAR]
        return any(year.is_common(two) for year in years for two in other.quantities)

    def has_differing_number(self, other: Meaning) -> bool:
        """Whether a number of its stands there with another value, and nowhere with its own."""
        return any(
            not any(one.is_common(two) for two in other.quantities)
            and any(one.differs(two) for two in other.quantities)
            for one in self.quantities
        )


def meaning(text: str, vocabulary: Vocabulary) -> Meaning:
    """Read a sentence, a question or a claim."""
    words, names, is_negated = set[str](), set[str](), False
    for word, is_first, is_followed in _tokens(text):
        known = folded(word)
        is_negated = is_negated or known in NEGATIONS or word.lower().endswith(("n't", "n\u2019t"))
        if known in STOP or known in NEGATIONS or len(known) < 2:  # noqa: PLR2004
            continue
        is_name = _is_name(word, known, vocabulary, is_first=is_first, is_followed=is_followed)
        (names if is_name else words).add(stem(known))
    return Meaning(frozenset(words), frozenset(names), quantities(text), is_negated)


def _tokens(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Give each word, whether it is the first, and whether a capital follows at once."""
    found = [*WORD.finditer(text)]
    for at, match in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else None
        is_followed = (
            after is not None and after[0][0].isupper() and text[match.end() : after.start()] == " "
        )
        yield match[0], at == 0, is_followed


def _is_name(
    word: str, known: str, vocabulary: Vocabulary, *, is_first: bool, is_followed: bool
) -> bool:
    if known in MONTHS:
        return False
    if vocabulary.is_name(known):
        return True
    if not word[0].isupper() or vocabulary.is_common(known):
        return False
    return not is_first or is_followed or not vocabulary.is_known(known)
