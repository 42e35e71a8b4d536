"""A question that asks for several things, as the questions it is made of; and the same of facts.

A pronoun of a later question stands for whom the first one is about.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from hocket_plugins.backends.offline.words import WORD, folded, stem

if TYPE_CHECKING:
    from hocket_plugins.backends.offline.asking import Question
    from hocket_plugins.backends.offline.library import Library

_ASKS = (
    r"(?:(?:by|for|from|in|of|on|since|to|with) )?(?:what|when|who|whose|whom|how|which|where|why)"
)
_BETWEEN = re.compile(rf",?\s+and\s+(?={_ASKS}\b)|\?\s+(?=\S)", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(it|they|them|he|she|him|its|their|his|her)\b", re.IGNORECASE)
_OWNING = frozenset({"its", "their", "his", "her"})
_LEAST_WORDS = 3
_JOINT = re.compile(r"(?:[,;] (?=(?:and|but|so|which|an?)\b)|; )")
_BY = re.compile(r" by (?:an?|its|the) [\w' -]+\.")
_WHEN = re.compile(r"(?:When|While|As|Although|Though|Because) (?P<first>[^,;]{20,}), (?P<rest>.+)")
_ASCRIBED = re.compile(
    r"\b(?:sa(?:y|ys|id)|claim\w*|according|believ\w*|wrong\w*|false\w*|myth|never|not)\b",
    re.IGNORECASE,
)
"""What takes back or ascribes what stands before it: such a sentence is not cut."""


def questions(asked: str, library: Library) -> list[str]:
    """Take a question apart; one that asks for one thing stays as it is."""
    pieces = [one.strip(" ,?") for one in _BETWEEN.split(asked)]
    if len(pieces) == 1 or any(len(one.split()) < _LEAST_WORDS for one in pieces):
        return [asked]
    about = _about(pieces[0], library)
    return [pieces[0] + "?", *(_whole(one, about, library) for one in pieces[1:])]


def fact(quote: str, question: Question, library: Library) -> str:
    """Give the clause of a sentence that says what was asked; in doubt all of it."""
    begun = _WHEN.fullmatch(quote)
    clause, rest = (begun["first"], begun["rest"]) if begun else (quote, "")
    joint = None if begun else _JOINT.search(quote) or (question.is_of_time and _BY.search(quote))
    if joint:
        clause, rest = quote[: joint.start()], quote[joint.start() :]
    told, whole = library.read(clause), library.read(quote)
    is_kept = question.coverage(told, library) >= question.coverage(whole, library)
    if not rest or _ASCRIBED.search(rest) or not is_kept:
        return quote
    return f"{clause[0].upper()}{clause[1:]}." if question.is_answered(told, library) else quote


def _whole(piece: str, about: str, library: Library) -> str:
    """Put the name where a pronoun stands for it; a question with a name of its own has none."""
    if about and not library.read(piece).names:
        piece = _PRONOUN.sub(lambda found: _named(found[1], about), piece, count=1)
    return f"{piece[0].upper()}{piece[1:]}?"


def _named(pronoun: str, about: str) -> str:
    return f"{about}'s" if pronoun.lower() in _OWNING else about


def _about(piece: str, library: Library) -> str:
    """Give the first name of a question as it is written, with the word that belongs to it."""
    names = library.read(piece).names
    found = [*WORD.finditer(piece)]
    inside = [stem(folded(one[0])) in names for one in found]
    if True not in inside:
        return ""
    first = last = inside.index(True)
    while last + 1 < len(found) and inside[last + 1]:
        last += 1
    name = piece[found[first].start() : found[last].end()]
    after = found[last + 1][0] if last + 1 < len(found) else ""
    article = "the " if first and found[first - 1][0].lower() == "the" else ""
    return article + name + (f" {after}" if after and _belongs(after, name, library) else "")


def _belongs(word: str, name: str, library: Library) -> bool:
    """Whether a word mostly follows a name where the files write it."""
    follows = re.compile(rf"\b{re.escape(name)}\b\W+(\w+)?")
    counts = Counter(found[1] for one in library.passages for found in follows.finditer(one.quote))
    return 2 * counts[word] > counts.total()
