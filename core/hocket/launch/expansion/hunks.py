"""Reads the hunks of a patch as git writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

_HEAD = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_NAMED = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13}
_NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place of a file that was changed."""

    file: str
    line: int
    """The first one in the new file."""
    lines: int
    text: str

    def value(self) -> dict[str, JsonValue]:
        """Give it as the script gets it."""
        return {"file": self.file, "line": self.line, "lines": self.lines, "text": self.text}


def hunks(patch: str) -> Iterator[Hunk]:
    """Read a patch; files that are no text have none."""
    old = new = ""
    lines = iter(patch.split("\n"))
    for line in lines:
        if line.startswith("--- "):
            old = _name(line[4:], "a/")
        elif line.startswith("+++ "):
            new = _name(line[4:], "b/")
        elif head := _HEAD.match(line):
            count = int(head[3] or 1)
            body = [line, *_body(lines, int(head[1] or 1), count)]
            yield Hunk(old if new == _NOWHERE else new, int(head[2]), count, "\n".join(body))


def added(file: str, text: str) -> Hunk:
    """Give a whole new file as git would show it."""
    lines = text.removesuffix("\n").split("\n")
    body = "\n".join(f"+{line}" for line in lines)
    return Hunk(file, 1, len(lines), f"@@ -0,0 +1,{len(lines)} @@\n{body}")


def _body(lines: Iterator[str], old: int, new: int) -> Iterator[str]:
    """Take as many lines as the head says: they may look like anything."""
    while old > 0 or new > 0:
        line = next(lines, None)
        if line is None:
            return
        yield line
        old -= line[:1] != "+" and line[:1] != "\\"
        new -= line[:1] != "-" and line[:1] != "\\"


def _name(written: str, prefix: str) -> str:
    """Read a name; an odd one stands in quotes, and one with a space ends with a tab."""
    if written.startswith('"'):
        inner = written[1 : written.rindex('"')].encode("utf-8", "surrogateescape")
        name = _ESCAPE.sub(_byte, inner).decode("utf-8", "surrogateescape")
    else:
        name = written.removesuffix("\t")
    return name if name == _NOWHERE else name.removeprefix(prefix)


def _byte(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if len(said) > 1 else bytes([_NAMED.get(said, said[0])])
