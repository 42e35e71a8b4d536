"""Whether a quote stands in the text it is said to come from."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from hocket.screens.folding import fold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import JsonValue

    TextOf = Callable[[str], str | None]
    Verdict = Literal["ok", "absent", "differs"]

WIDEST = 2_000
"""Characters that an ellipsis may stand for; what is further apart may join two subjects."""
ELLIPSIS = re.compile(r" ?(?:[\[(] ?)?(?:\. ?){3,}[\])]? ?")
INSERTED = re.compile(r"\[[^\[\]]*\]")


def quote_in_source(item: JsonValue, text_of: TextOf) -> Verdict:
    """Look for `quote` in the stored text of `source` (or of any of `sources`).

    `ok`: it stands there, apart from how characters, spaces, quotation marks and dashes are
    written, the case of its first letter and the punctuation at its end. Where it has an
    ellipsis, the pieces stand there in this order, not far apart.
    `differs`: only its words stand there, or the pieces are far apart.
    `absent`: neither, or there is no quote or no text.
    """
    quote = field(item, "quote")
    verdicts = [_compare(quote, text) for text in stored_texts(item, text_of)]
    return "ok" if "ok" in verdicts else "differs" if "differs" in verdicts else "absent"


def field(item: JsonValue, *names: str) -> str:
    """Give the first of these fields that holds a text, else an empty one."""
    values = [item.get(name) for name in names] if isinstance(item, dict) else []
    return next((value for value in values if isinstance(value, str)), "")


def stored_texts(item: JsonValue, text_of: TextOf) -> list[str]:
    """Give the texts of every source an item names: a merged one may quote another record's."""
    named = [item.get("source"), item.get("sources")] if isinstance(item, dict) else []
    every = [one for value in named for one in (value if isinstance(value, list) else [value])]
    texts = [text_of(one) for one in every if isinstance(one, str)]
    return [text for text in texts if text is not None]


def _compare(quote: str, text: str) -> Verdict:
    whole = _folded(text)
    folded = re.sub(r"\[(\w)\]", r"\1", fold(quote))
    pieces = [piece for part in ELLIPSIS.split(folded) if (piece := _trimmed(part))]
    exact = _trimmed(folded)
    if exact and next(_places(exact, whole), None):
        return "ok"
    chain = [list(_places(piece, whole)) for piece in pieces]
    if pieces and _are_chained(chain, WIDEST):
        return "ok"
    known = _words(text)
    loose = [list(_places(part, known)) for part in map(words, _parts(folded)) if part]
    return "differs" if loose and _are_chained(loose, len(known)) else "absent"


@lru_cache(maxsize=4)
def _folded(text: str) -> str:
    """Fold a stored text once: many quotes come from one."""
    return fold(text)


@lru_cache(maxsize=4)
def _words(text: str) -> str:
    return words(_folded(text))


def _parts(quote: str) -> list[str]:
    """Cut a quote at its ellipses and at what was put in, as in `the [new] bridge`."""
    return [part for piece in ELLIPSIS.split(quote) for part in INSERTED.split(piece)]


def _trimmed(piece: str) -> str:
    return piece.lstrip(" '").rstrip(" '.,;:")


def _places(piece: str, text: str) -> Iterator[tuple[int, int]]:
    """Find where a piece stands as whole words and whole numbers."""
    for first in dict.fromkeys((piece[0], piece[0].swapcase())):
        wanted = first + piece[1:]
        start = text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            if not (_cuts(text, start) or _cuts(text, end) or _loses_sign(text, start)):
                yield start, end
            start = text.find(wanted, start + 1)


def _cuts(text: str, at: int) -> bool:
    """Whether a cut here goes through a number, or through a word where scripts put spaces."""
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if re.match(r"[.,]\d", after) and before[-1:].isdigit():
        return True
    if re.match(r"\d[.,]", before) and after[:1].isdigit():
        return True
    return _is_spaced(before[-1:]) and _is_spaced(after[:1])


def _is_spaced(char: str) -> bool:
    return char.isdigit() or char.lower() != char.upper()


def _loses_sign(text: str, start: int) -> bool:
    signed = text[max(start - 2, 0) : start]
    return text[start].isdigit() and signed in {"-", " -", "(-"}


def _are_chained(places: list[list[tuple[int, int]]], widest: int) -> bool:
    """Whether one place of each piece can be chosen so that they follow each other."""
    ends = [0]
    limit = None
    for found in places:
        reached: list[int] = []
        for start, end in found:
            before = bisect_right(ends, start)
            if before and (limit is None or start - ends[before - 1] <= limit):
                reached.append(end)
        if not reached:
            return False
        ends, limit = sorted(reached), widest
    return True
