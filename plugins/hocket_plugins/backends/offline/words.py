"""The words of a sentence, reduced so that forms of one word are one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_OWNED = re.compile(r"['\u2019]s?$")
_STOP = """
a about above after again against all almost also am an and any are around as at be because been
before being below between both but by can could did do does doing done down during each either ever
every few for from further had has have having he her here hers him his how however i if in into is
it its itself just less many may me might more most much must my near nor now of off often on once
only or other our out over own per rather same she should since so some such than that the their
them then there these they this those though through thus to too under until up upon us very was we
were what when where whether which while who whom whose why will with within would you your yet
der die das ein eine und oder ist von den dem des im zu mit auf le la les un une et ou est du de en
el los las y o es una
"""
STOP = frozenset(_STOP.split())
NEGATIONS = frozenset(
    ("no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "nowhere", "without",
     "cannot", "kein", "keine", "nicht", "nie", "jamais", "pas", "nunca")
)  # fmt: skip
MONTHS = frozenset(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
     "saturday", "sunday")
)  # fmt: skip
_FORMS = {
    "length": "long", "height": "high", "width": "wide", "breadth": "wide", "depth": "deep",
    "built": "build", "builder": "build", "paid": "pay", "began": "begin", "begun": "begin",
    "made": "make", "held": "hold", "led": "lead", "written": "write", "wrote": "write",
    "known": "know", "knew": "know", "grown": "grow", "grew": "grow", "sold": "sell",
    "bought": "buy", "found": "find", "lost": "lose", "won": "win", "drew": "draw",
    "drawn": "draw", "drawing": "draw", "gave": "give", "given": "give", "color": "colour",
    "colored": "colour",
}  # fmt: skip
_ENDINGS = (
    ("ations", 5), ("ation", 5), ("ingly", 4), ("ings", 4), ("ing", 4), ("edly", 4), ("ies", 3),
    ("ied", 3), ("ers", 5), ("ors", 5), ("er", 5), ("or", 5), ("ed", 3), ("es", 4), ("ly", 4),
    ("s", 3),
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """Write a word without case, accents and the mark of an owner."""
    apart = unicodedata.normalize("NFKD", _OWNED.sub("", word))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Cut a folded word to what its forms share; only English ones are known."""
    known = _FORMS.get(word)
    if known is not None:
        word = known
    elif word.isascii() and not word.endswith("ss"):
        word = _cut(word)
    if len(word) > 3 and word.endswith("e"):  # noqa: PLR2004
        return word[:-1]
    return f"{word[:-1]}i" if len(word) > 3 and word.endswith("y") else word  # noqa: PLR2004


def stems(text: str) -> list[str]:
    """Give the words of a text that say something, reduced."""
    known = (folded(word) for word in WORD.findall(text))
    return [stem(word) for word in known if word not in STOP and len(word) > 1]


def _cut(word: str) -> str:
    for ending, least in _ENDINGS:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= least:
            if ending in {"ies", "ied"}:
                return f"{rest}i"
            is_doubled = rest[-1] == rest[-2] and rest[-1] not in "aeiouls"
            return rest[:-1] if is_doubled else rest
    return word


COLOURS = frozenset(
    map(
        stem,
        ("red", "green", "blue", "white", "black", "yellow", "grey", "gray", "orange", "brown",
         "violet", "crimson", "turquoise", "purple", "pink", "gold", "golden", "silver", "beige",
         "magenta", "scarlet", "cyan", "ochre", "maroon"),
    )
)  # fmt: skip
"""Kinds of thing that no number tells apart."""
