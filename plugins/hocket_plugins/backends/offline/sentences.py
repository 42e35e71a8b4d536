"""The sentences of a text, each with its line; what is no prose is passed over."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST, MOST = 30, 420
_NO_PROSE = re.compile(
    r"(?s:\A---[ \t]*\n.{0,16384}?\n---[ \t]*$)"  # front matter
    r"|^[ \t]*(?P<fence>```|~~~)(?s:.*?)(?:^[ \t]*(?P=fence)|\Z)"
    r"|<!--(?s:.*?)(?:-->|\Z)|<(?i:script|style)\b(?s:.*?)(?:</(?i:script|style)>|\Z)"
    r"|</?[A-Za-z][^<>]{0,2000}>"
    r"|^[ \t]*\|.*$|^.*[^|\n]\|[^|\n]*\|.*$"  # tables
    r"|^[ \t]*(?:#{1,6}[ \t].*|[=\-*_~]{3,}[ \t]*)$",  # headings and rules
    re.MULTILINE,
)
_BEGIN = re.compile(r"^[ \t]*(?:(?:>|[-*+\u2022]|\d{1,3}[.)])[ \t]+)+", re.MULTILINE)
_BREAK = re.compile(r"\n[ \t]*(?:\n|$)|\x00+")
_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)\]*_]*(?=\s|$)|[\u3002\uff01\uff1f]+")
_SHORT = re.compile(
    r"(?:\b[A-Z]|\b[a-z]\.[a-z]|\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nos|Fig|vs|cf|ca|approx|Inc|Ltd|Co|al"
    r"|pp?|vol|bzw|usw|Nr))\.$"
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\U000e0000-\U000e0fff\ud800-\udfff\u27e6\u27e7\ufffd]"
)
"""What steers a terminal, hides, or looks like a handle: such a sentence is not quoted."""
_TITLE = re.compile(r"\s{0,99}(\S[^\n]{0,63})\n")
_STOPS = (".", "!", "?", ":", ";", ",", "\u2026")
_HEAD = re.compile(r"[A-Za-z][A-Za-z -]{0,24}: ?\S")


class Sentence(NamedTuple):
    """A sentence as it stands in its file, white space folded, and its first line there."""

    quote: str
    line: int


def sentences(body: str, *, least: int = LEAST) -> Iterator[Sentence]:
    """Cut a text into sentences that can be quoted; the head lines of a file are none."""
    starts = [0, *accumulate(len(line) + 1 for line in body.split("\n"))]
    blank = _masked(body, title(body)[1])
    for begin, end in _pieces(blank):
        raw = body[begin:end]
        lead = len(raw) - len(raw.lstrip())
        quote = " ".join(raw.split())
        if least <= len(quote) <= MOST and not _HIDDEN.search(quote) and _is_prose(quote):
            yield Sentence(quote, bisect_right(starts, begin + lead))


def _head_end(body: str) -> int:
    """Find where lines such as `Date: 2020-01-02` at the very beginning end."""
    at = 0
    for line in body[:4_096].split("\n"):
        if not _HEAD.match(line) or line.rstrip().endswith("."):
            return at
        at = min(len(body), at + len(line) + 1)
    return at


def title(body: str) -> tuple[str, int]:
    """Give a short first line without a stop, over one that begins anew, and where it ends."""
    head = _head_end(body)
    found = _TITLE.match(body, head)
    if found is None or found[1].rstrip().endswith(_STOPS) or not found[1][0].isalnum():
        return "", head
    after = body[found.end() : found.end() + 1]
    return (found[1].strip(), found.end()) if after.isupper() or not after.strip() else ("", head)


def _masked(body: str, head: int) -> str:
    """Blank out what is no prose; every place stays where it is."""
    text = "\x00" * head + body[head:]
    text = _NO_PROSE.sub(lambda found: "\x00" * len(found[0]), text)
    return _BEGIN.sub(lambda found: "\x00" * len(found[0]), text)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for stop in [*_BREAK.finditer(text), None]:
        end = stop.start() if stop else len(text)
        yield from _in_paragraph(text, begin, end)
        begin = stop.end() if stop else end


def _in_paragraph(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _END.finditer(text, begin, end):
        if not _SHORT.search(text[max(begin, stop.end() - 12) : stop.end()]):
            yield begin, stop.end()
            begin = stop.end()


def _is_prose(quote: str) -> bool:
    """Whether it is made of words, for the most part."""
    letters = sum(map(str.isalpha, quote))
    return letters >= len(quote) * 0.55 and not quote.startswith(("{", "$ ", ">>>"))
