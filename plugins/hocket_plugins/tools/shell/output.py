"""What a command printed: kept to a limit, shown in part, made harmless."""

from __future__ import annotations

import re

MOST_BYTES = 10_000_000
"""A command that prints more than this is stopped."""
FIRST, LAST = 4_000, 12_000
"""So many characters of a long output are shown."""
_WINDOW = 16
"""Bytes looked at for one character shown: a character has four at most, escapes have more."""
_SEQUENCE = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[@-_]"
_CONTROL = re.compile(_SEQUENCE + r"|\r+\n|\r|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTINUED = bytes(range(0x80, 0xC0))


class Output:
    """Takes what a command prints, up to a limit."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._raw = bytearray()
        self.full = False

    def __len__(self) -> int:
        """Count the bytes taken."""
        return len(self._raw)

    def take(self, chunk: bytes) -> None:
        """Keep what fits; once something did not, it is full and stays so."""
        room = self._most - len(self._raw)
        self._raw += chunk[:room]
        self.full = self.full or len(chunk) > room

    @property
    def raw(self) -> bytes:
        """All that was kept."""
        return bytes(self._raw)


def shown(raw: bytes) -> tuple[str, str]:
    """Give the beginning and the end of an output; the end is empty when all of it is shown."""
    if len(raw) <= _WINDOW * (FIRST + LAST):
        text = harmless(raw)
        return (text, "") if len(text) <= FIRST + LAST else (text[:FIRST], text[-LAST:])
    end = raw[-_WINDOW * LAST :].lstrip(_CONTINUED)
    return harmless(raw[: _WINDOW * FIRST])[:FIRST], harmless(end)[-LAST:]


def harmless(raw: bytes) -> str:
    """Decode, and take out terminal sequences and control characters; a return ends a line."""
    text = raw.decode("utf-8", "replace")
    return _CONTROL.sub(lambda found: "\n" if found[0].startswith("\r") else "", text)
