"""Whether a sentence agrees with another one, by their words and numbers alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.quantities import DATES
from hocket_plugins.backends.offline.words import COLOURS

if TYPE_CHECKING:
    from hocket_plugins.backends.offline.library import Library, Passage
    from hocket_plugins.backends.offline.meaning import Meaning

SUPPORT_WITH_NUMBER, SUPPORT_IN_WORDS, SWAPPED = 0.55, 0.8, 0.9
DIFFERENCE, NEGATION = 0.45, 0.6
TOLD = 0.34
"""So much of what is claimed of a name a sentence must hold: the name alone says nothing."""
COLOUR = frozenset({"colour"})
_SOME = re.compile(r"(?:An?|Another)\s")
"""So begins what is said of some thing, which is no named one."""
SAME = 0.6
"""So much of a sentence in another one makes it a near duplicate."""


class Stance(Enum):
    """What a sentence is to a claim."""

    AGREES = "agrees"
    DIFFERS = "differs"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Compared:
    """A passage beside a claim."""

    passage: Passage
    stance: Stance
    share: float
    """How much of the claim's weight it holds."""


def compare(claim: Meaning, passage: Passage, library: Library) -> Compared:
    """Hold a sentence against a claim; without a word of what is claimed it says nothing of it."""
    other = library.meaning(passage)
    share = library.share(other.terms, claim.terms)
    telling = library.telling(claim.names & other.terms, claim.words - COLOURS)
    is_told = library.share(other.terms, telling) >= TOLD if telling else True
    if not is_told and not (claim.colours and other.colours):
        return Compared(passage, Stance.APART, share)
    stance = (_stance if claim.names <= other.terms else _renamed)(claim, other, library)
    if stance is Stance.DIFFERS and _SOME.match(passage.quote):
        stance = Stance.APART
    return Compared(passage, stance, share)


def is_rival(claim: Meaning, passage: Passage, library: Library) -> bool:
    """Whether a sentence has another value of the claim's kind, of whom the claim is about."""
    other = library.meaning(passage)
    if claim.names <= other.terms:
        is_repainted = bool(claim.colours and other.colours - claim.colours)
        return is_repainted or _has_rival_number(claim, other, library)
    is_named = bool(other.names - claim.terms) and not claim.quantities
    return is_named and _subject(claim, library) in other.terms


def _has_rival_number(claim: Meaning, other: Meaning, library: Library) -> bool:
    """Whether a number differs; of two days only where the same is told to have happened then."""
    if not claim.has_differing_number(other):
        return False
    is_dated = all(one.unit in DATES for one in claim.quantities)
    telling = library.telling(claim.names, claim.words)
    return not is_dated or not telling or bool(telling & other.terms)


def is_near(one: Meaning, other: Meaning, library: Library) -> bool:
    """Whether two sentences say nearly the same: the numbers of both, and most words of one."""
    share = max(library.share(other.terms, one.terms), library.share(one.terms, other.terms))
    return share >= SAME and _has_same_numbers(one, other)


def is_same(one: Meaning, other: Meaning, library: Library) -> bool:
    """Whether two statements are one: names, numbers, negation, and most words of both."""
    share = min(library.share(other.terms, one.terms), library.share(one.terms, other.terms))
    is_alike = one.is_negated == other.is_negated and one.names == other.names
    return is_alike and share >= SUPPORT_IN_WORDS and _has_same_numbers(one, other)


def _has_same_numbers(one: Meaning, other: Meaning) -> bool:
    return one.has_common_number(other) and other.has_common_number(one)


def _stance(claim: Meaning, other: Meaning, library: Library) -> Stance:
    """Judge a sentence that has all names of the claim."""
    share = library.share(other.terms, claim.terms)
    if claim.is_negated != other.is_negated:
        is_about = share >= NEGATION and claim.has_common_number(other)
        return Stance.DIFFERS if is_about else Stance.APART
    if claim.has_differing_number(other):
        return Stance.DIFFERS if share >= DIFFERENCE else Stance.APART
    if claim.colours and other.colours and not claim.colours & other.colours:
        return Stance.DIFFERS if _is_frame_shared(claim, other, library) else Stance.APART
    needed = SUPPORT_WITH_NUMBER if claim.quantities else _needed(claim, other)
    is_told = bool(claim.terms) and share >= needed and claim.has_fitting_number(other)
    return Stance.AGREES if is_told else Stance.APART


def _renamed(claim: Meaning, other: Meaning, library: Library) -> Stance:
    """Judge a sentence that says the same of whom the claim is about, with another name in it.

    It is about the name that most sentences have: who designed two bridges is no contradiction.
    """
    subject = _subject(claim, library)
    is_swapped = subject in other.terms and bool(other.names - claim.terms)
    if not is_swapped or claim.quantities or claim.is_negated != other.is_negated:
        return Stance.APART
    about = claim.words | {subject}
    return Stance.DIFFERS if library.share(other.terms, about) >= SUPPORT_IN_WORDS else Stance.APART


def _subject(claim: Meaning, library: Library) -> str:
    """Give the name that most sentences have."""
    return min(claim.names, key=lambda name: (library.weight([name]), name))


def _is_frame_shared(claim: Meaning, other: Meaning, library: Library) -> bool:
    """Whether two sentences are alike but for a colour, seen from either of them."""
    one, two = claim.terms - COLOURS | COLOUR, other.terms - COLOURS | COLOUR
    return max(library.share(one, two), library.share(two, one)) >= NEGATION


def _needed(claim: Meaning, other: Meaning) -> float:
    """Ask for more where each has a word that the other lacks: red for blue is such a swap."""
    is_swapped = bool(claim.terms - other.terms) and bool(other.terms - claim.terms)
    return SWAPPED if is_swapped else SUPPORT_IN_WORDS
