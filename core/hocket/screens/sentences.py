"""The sentences of a report, and the marks `[n]` by which they cite."""

from __future__ import annotations

import re

MARK = re.compile(r"\s?\[(\d{1,4}(?:\s?[,;\-\u2013]\s?\d{1,4})*)\]")
STOP = r"[.!?\u2026]"
CLOSED = r"[\"'\u201d\u2019)\]]*(?:\s?\[\d[\d\s,;\-\u2013]*\])*"
NEXT = r"(?=\s+[^\sa-z]|\s*$)"
LINE = r"\n\s*\n|\n(?=\s*(?:[-*#|>]|\d+\.))"
END = re.compile(rf"(?<!{STOP}){STOP}++{CLOSED}{NEXT}|{LINE}")
TITLES = "Dr|Mr|Mrs|Ms|Prof|St|No|Nos|Fig|vs|cf|ca|approx|Inc|Ltd|Co|al|pp?|vol"
SHORT = re.compile(rf"(?:\b(?:[A-Z]|[a-z]\.[a-z]|{TITLES})|^\s*\d+)\.$")
MOST_CITED = 100
"""Numbers that one range may stand for."""


def sentences(text: str) -> list[str]:
    """Cut a text into sentences, each with its marks; joined they are the text again."""
    pieces: list[str] = []
    start = 0
    for end in END.finditer(text):
        piece = text[start : end.end()]
        if piece.strip() and not SHORT.search(piece):
            pieces.append(piece)
            start = end.end()
    rest = text[start:]
    if rest.strip() or not pieces:
        return [*pieces, rest] if rest else []
    return [*pieces[:-1], pieces[-1] + rest]


def says_something(sentence: str) -> bool:
    """Whether it is a sentence at all, and no heading or line."""
    return re.search(r"\w", MARK.sub("", sentence)) is not None and not re.match(r"\s*#", sentence)


def cited(sentence: str) -> list[int]:
    """Give the numbers a sentence cites, also those of `[2, 5]` and `[2-4]`, in order."""
    found: list[int] = []
    for mark in MARK.findall(sentence):
        for part in re.split("[,;]", mark):
            low, *high = (int(number) for number in re.findall(r"\d+", part))
            found += range(low, min(max([low, *high]), low + MOST_CITED) + 1)
    return list(dict.fromkeys(found))


def unmarked(sentence: str) -> str:
    """Take the marks out of a sentence: they are no numbers of its own."""
    return MARK.sub("", sentence)
