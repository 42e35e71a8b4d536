"""What does not count when texts are compared: how a character, a dash or a space is written."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

QUOTES = '"`\u00ab\u00b4\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f'
PRIMES = "\u2032\u2033\u2034\u2039\u203a\u2057"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b"
UNSEEN = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)))
)
WRITTEN = dict.fromkeys(QUOTES + PRIMES, "'") | dict.fromkeys(DASHES, "-")
WRITING = str.maketrans(WRITTEN | dict.fromkeys(UNSEEN, ""))
RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u249b]")
FRACTION = re.compile("(\\d?)([\u00bc-\u00be\u2150-\u215e\u2189])")
DASH = re.compile(" ?-[ -]*")


def fold(text: str) -> str:
    """Write a text in one way: Unicode form, white space, quotation marks, dashes.

    Folding twice changes nothing. Case, words and all other punctuation stay.
    """
    written = FRACTION.sub(_apart, RAISED.sub(lambda found: "^" + found[0], text))
    # Twice: some characters have to go before the normal form, which in turn makes new ones.
    written = unicodedata.normalize("NFKC", written.translate(WRITING)).translate(WRITING)
    spaced = " ".join(re.sub("'{2,}", "'", written).split())
    return DASH.sub(_dash, spaced).strip()


def plain(text: str) -> str:
    """Fold a text so far that only its words count: no case, no punctuation at its ends."""
    return fold(fold(text).casefold()).strip(" .,;:!?'")


def words(folded: str) -> str:
    """Reduce a folded text to its words: footnote marks, hyphens, punctuation are gone."""
    bare = re.sub(r"\[\d{1,3}\]", " ", folded.casefold())
    joined = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", "", bare)
    return " ".join(re.findall(r"\d+(?:[.,]\d+)+|\w+", joined))


def text_key(value: JsonValue) -> str:
    """Name a value by 16 hex digits; texts that differ in writing alone have one name.

    A text is compared without case and outer punctuation. Any other value goes by its JSON, so
    that the number 7 and the text "7" have the same name.
    """
    text = plain(value) if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def _apart(found: re.Match[str]) -> str:
    """Write 2½ as 2 1/2: the plain normal form would make 21/2 of it."""
    fraction = unicodedata.normalize("NFKC", found[2]).replace("\u2044", "/")
    return f"{found[1]} {fraction}" if found[1] else fraction


def _dash(found: re.Match[str]) -> str:
    """Drop the space around a dash, but not before a sign: a -5 is not a-5."""
    follows = found.string[found.end() : found.end() + 1]
    is_sign = found[0].endswith("-") and found[0].count("-") == 1 and follows.isdigit()
    return " -" if is_sign and found[0] != "-" else "-"
