"""Finds the line of a lock that a person has to look at."""

from __future__ import annotations

import re
from itertools import zip_longest

from hocket.registry.forms.names import quoted

_HEADER = re.compile(rb"\s*\[\[\s*(\w+)\s*\]\]")


def line_of(content: bytes, where: str, key: str) -> int:
    """Give the line of a key in a table such as `package 2`, else that of its header, else 1."""
    counts: dict[str, int] = {}
    table, header = "", 1
    for number, line in enumerate(content.split(b"\n"), 1):
        if found := _HEADER.match(line):
            kind = found[1].decode()
            counts[kind] = counts.get(kind, 0) + 1
            table = f"{kind} {counts[kind]}"
            header = number if table == where else header
        elif table == where and re.match(rb"\s*[\"']?" + re.escape(key.encode()) + rb"\b", line):
            return number if key else header
    return header


def first_difference(found: bytes, expected: bytes) -> tuple[int, str, str] | None:
    """Give the first line that is not as it is written, with both texts; None: all are."""
    pairs = zip_longest(found.split(b"\n"), expected.split(b"\n"))
    for number, (have, want) in enumerate(pairs, 1):
        if have != want:
            if have is not None and have.endswith(b"\r"):
                return number, "a line end is CRLF", "LF, as git keeps it: hocket.lock text eol=lf"
            return number, _shown(have), _shown(want)
    return None


def _shown(line: bytes | None) -> str:
    if not line:
        return "the end of the file" if line is None else "an empty line"
    return quoted(line.decode())
