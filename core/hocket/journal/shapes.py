"""What secrets look like that nobody told us: key prefixes, headers, key blocks, web tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_START = 512
"""So many characters of any shape are enough to know it."""

_RUN_OF = "-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TABLE = bytes(ord("t") if chr(code) in _RUN_OF else ord(" ") for code in range(256))
_LONG = b"t" * 15
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?P<key>sk-[\w-]{16,})|(?P<google>AIza[\w-]{35,})|(?P<aws>A[KS]IA[A-Z0-9]{16}(?!\w))"
    r"|(?P<github>gh[pousr]_\w{36,}|github_pat_\w{22,})|(?P<gitlab>glpat-[\w-]{20,})"
    r"|(?P<slack>xox[abeoprs]-[\w-]{10,})|(?P<hub>(?:hf|npm)_\w{30,})"
    r"|(?P<jwt>eyJ[\w-]{12,}\.eyJ[\w-]{8,}\.[\w-]*))",
    re.ASCII,
)

_SIGN = r"\\?[\"']?\s{0,8}[:=]\s{0,8}\\?[\"']?"
_VALUE = r"[A-Za-z0-9._~+/=-]"
_FRAMED = (
    (
        "authorization",
        re.compile(
            rf"authorization{_SIGN}(?:(?:bearer|basic|token)\s{{1,8}}({_VALUE}{{8,}})|({_VALUE}{{16,}}))",
            re.ASCII | re.IGNORECASE,
        ),
    ),
    ("x-api-key", re.compile(rf"x-api-key{_SIGN}({_VALUE}{{8,}})", re.ASCII | re.IGNORECASE)),
    (
        "private key",
        re.compile(
            r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
            r"(?:(?!-----END )[\s\S]){0,16384}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?)"
        ),
    ),
    ("://", re.compile(r"://[^\s/:@\"']{0,128}:(?!\[secret:)([^\s/@\"']{1,256})(?=@)")),
)
_NAMES = {"private key": "private-key", "://": "password"}


class Span(NamedTuple):
    """A piece of a text, and what takes its place."""

    start: int
    end: int
    instead: str


def look(text: str) -> Iterator[Span]:
    """Find everything that looks like a secret; quick when nothing does."""
    yield from _tokens(text)
    lower = text.lower()
    for mark, pattern in _FRAMED:
        if mark not in lower:
            continue
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            instead = f"{text[match.start() : start]}[secret:{_NAMES.get(mark, mark)}]"
            yield Span(match.start(), end, instead)


def _tokens(text: str) -> Iterator[Span]:
    """Look only into long runs of token characters: searching every place costs ten times more."""
    runs = text.encode("latin-1", "replace").translate(_TABLE)
    end = 0
    while (start := runs.find(_LONG, end)) >= 0:
        end = runs.find(b" ", start)
        end = len(runs) if end < 0 else end
        for match in _TOKEN.finditer(text, start, end):
            yield Span(*match.span(), f"[secret:{match.lastgroup}]")
