"""The text of a script: its characters, its digest, and findings with their place in it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from hocket.api.scripts import Finding
from hocket.errors import ScriptRejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 524_288
SHOWN = 20

_BOM = "\ufeff"
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\xad\u200b\u2060\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)
_PICTURES = 0x2400  # controls have no names in Unicode, but the pictures of them have
_SPACE, _DELETE, _BYTE_END, _SURROGATES_END, _BMP_END = 0x20, 0x7F, 0xFF, 0xDFFF, 0xFFFF


def decode(data: bytes, path: str) -> str:
    """Turn a file's bytes into text; raises ScriptRejected naming the byte that is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode().split("\n")
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        found = Finding(len(before), len(before[-1]) + 1, "S02", message, "save the file as UTF-8")
        raise ScriptRejected(path, render(path, [found])) from error


def normalise(text: str, path: str) -> str:
    """Drop the BOM and make every line end LF; raises ScriptRejected for size and characters."""
    text = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    found = list(faults(text))
    if found:
        raise ScriptRejected(path, render(path, found))
    return text


def digest(text: str) -> str:
    """Name a text by its content."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def render(path: str, findings: Sequence[Finding]) -> list[str]:
    """Print findings as `path:line:column: Sxx message`, sorted, and count what is too much."""
    lines = [_line(path, finding) for finding in sorted(findings)]
    rest = len(lines) - SHOWN
    return [*lines[:SHOWN], f"… and {rest:,} more"] if rest > 0 else lines


def faults(text: str) -> Iterator[Finding]:
    """Find what a normalised text may not be: too long, or with characters nobody can see."""
    if len(text) > LONGEST:
        message = f"the text has {len(text):,} characters; at most {LONGEST:,} are allowed"
        yield Finding(1, 1, "S02", message, "split it into workflows that call each other")
    else:
        yield from _characters(text)


def _characters(text: str) -> Iterator[Finding]:
    line, start = 1, 0
    for match in _FORBIDDEN.finditer(text):
        between = text.count("\n", start, match.start())
        if between:
            line, start = line + between, text.rindex("\n", start, match.start()) + 1
        message = f"{_spelt(match[0])} is not allowed here"
        yield Finding(line, match.start() - start + 1, "S02", message, f"write {_escape(match[0])}")


def _spelt(character: str) -> str:
    code = ord(character)
    return f"U+{code:04X} {unicodedata.name(character, '') or _kind(code)}"


def _kind(code: int) -> str:
    if code < _SPACE or code == _DELETE:
        picture = chr(_PICTURES + min(code, _SPACE + 1))
        return unicodedata.name(picture).removeprefix("SYMBOL FOR ")
    if code <= _BYTE_END:
        return "CONTROL"
    return "LONE SURROGATE" if code <= _SURROGATES_END else "TAG CHARACTER"


def _escape(character: str) -> str:
    code = ord(character)
    if code <= _BYTE_END:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _BMP_END else f"\\U{code:08x}"


def _line(path: str, finding: Finding) -> str:
    place = f"{path}:{finding.line}:{finding.column}: {finding.code}"
    kind = " warning:" if finding.warning else ""
    return f"{place}{kind} {finding.message}" + (f"; {finding.hint}" if finding.hint else "")
