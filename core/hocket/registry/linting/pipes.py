"""Commands that run what nobody has read: downloads, and programs disguised as base64."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.registry.forms.names import quoted
from hocket.registry.linting.installers import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.registry.linting.texts import Text

# Everything is bounded and gives nothing back: nobody can make a text that takes long to look at.
_REST = r"[^\n|;]{0,600}+"
_INSIDE = r"[^\n|)`]{0,600}+"
_PIPE = r"\|\s*"
_SHELL = (
    r"(?:(?:sudo|command|exec|nohup|env)\s+(?:-{1,2}\w+\s+|\w+=\S*\s+){0,9}+){0,4}+"
    r"(?:/(?:usr/)?(?:local/)?bin/)?"
    r"(?:(?:(?:ba|z|da|k|a|fi)?sh|source|iex|invoke-expression)(?![\w.-]*[\w/])|"
    # With a program of its own (-c, -m, a file) it only filters what it is given.
    r"(?:python[\d.]*|perl|ruby|node|php)(?:\s+-(?!\S)|\s*(?:[|;&)\"'`#\n]|\Z)))"
)
_RUN = r"(?:(?:ba|z|da|k|a)?sh\s+(?:-\w+\s+){0,9}?-\w*c\s+|eval\s+)[\"']?(?:\$\(|`)"
_FED = (
    r"(?:(?:ba|z|da|k|a)?sh\b|source|\.)\s+(?:-\w+\s+){0,9}+<\s?\(|"
    r"(?:ba|z|da|k|a)?sh\s*<<<\s*[\"']?\$\("
)
_LOAD = r"(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)\b"
_PLAIN = (
    r"\b(?:base64\s+(?:-d|-D|--decode|-i\s+\S+\s+-d|-di)\b|"
    r"openssl\s+(?:enc\s+-)?base64\b[^\n|]{0,80}\s-d\b)"
)
_ON_ITS_WAY = r"(?:(?:tee|gunzip|zcat|xz|tr|tac|cat)\b[^\n|]{0,80}+\|\s*)?"


def _form(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


_DOWNLOAD = _form(
    rf"\b{_LOAD}{_REST}{_PIPE}{_ON_ITS_WAY}{_SHELL}",
    rf"(?<![\w.-])(?:{_RUN}|{_FED})\s*{_LOAD}{_INSIDE}",
    rf"\biex\s*\(+\s*(?:{_LOAD}{_INSIDE}|\(?new-object\s[^\n]{{0,100}}downloadstring)",
)
_DECODED = _form(_PLAIN)
_PIPED = _form(rf"{_REST}{_PIPE}{_ON_ITS_WAY}{_SHELL}")
_RUNS = _form(rf"(?<![\w.-])(?:{_RUN}|{_FED})[^\n]*\Z")
_WORDS = ("curl", "wget", "iwr", "irm", "iex", "invoke-", "base64")
_BEFORE = 300


def downloads(text: Text) -> Iterator[tuple[str, int, str]]:
    """Give each download that goes straight into a shell: its level, its place, what it is."""
    for begin, line in _lines(text):
        for found in _DOWNLOAD.finditer(line):
            known = is_known(found[0])
            what = "a known installer" if known else "a download"
            level = "warn" if known else "high"
            yield level, begin + found.start(), f"runs {what} unread: {_told(found[0])}"


def disguises(text: Text) -> Iterator[tuple[int, str]]:
    """Give each place where base64 is decoded straight into a shell."""
    for begin, line in _lines(text):
        for found in _DECODED.finditer(line):
            start, end = found.span()
            before = _RUNS.search(line[max(0, start - _BEFORE) : start])
            after = _PIPED.match(line, end)
            if before or after:
                whole = f"{before[0] if before else ''}{found[0]}{after[0] if after else ''}"
                yield begin + start, f"runs a program disguised as base64: {_told(whole)}"


def _lines(text: Text) -> Iterator[tuple[int, str]]:
    """Give the lines that could hold one, each with its place; what goes on below is joined."""
    if not _has_word(text.content):
        return
    place = 0
    for line in text.content.replace("\\\n", "  ").replace("|\n", "| ").split("\n"):
        if _has_word(line):
            yield place, line
        place += len(line) + 1


def _has_word(content: str) -> bool:
    small = content.lower()
    return any(word in small for word in _WORDS)


def _told(command: str) -> str:
    return quoted(" ".join(command.split()))
