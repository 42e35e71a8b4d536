"""Some lines of a file of any size, without loading it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Window:
    """Lines of a file, with their ends, and what was left out."""

    lines: tuple[bytes, ...]
    skipped: int
    """How many lines stand before it; fewer than asked for when the file is shorter."""
    more: bool
    cut: bool
    """The last line is longer than what is shown of it."""


def look(file: IO[bytes], first: int, count: int, most: int) -> Window:
    """Read at most `count` lines and `most` bytes from line `first` on."""
    skipped = _skip(file, first - 1)
    lines: list[bytes] = []
    left = most
    while len(lines) < count and left > 0 and (line := file.readline(left)):
        lines.append(line)
        left -= len(line)
    more = bool(file.read(1))
    return Window(tuple(lines), skipped, more, more and not lines[-1].endswith(b"\n"))


def _skip(file: IO[bytes], lines: int) -> int:
    """Go behind so many line ends; gives how many there were."""
    passed = 0
    while passed < lines and (chunk := file.read(_CHUNK)):
        ends = chunk.count(b"\n")
        if passed + ends < lines:
            passed += ends
        else:
            file.seek(_end_of(chunk, lines - passed) - len(chunk), os.SEEK_CUR)
            passed = lines
    return passed


def _end_of(chunk: bytes, ends: int) -> int:
    place = 0
    for _ in range(ends):
        place = chunk.index(b"\n", place) + 1
    return place
