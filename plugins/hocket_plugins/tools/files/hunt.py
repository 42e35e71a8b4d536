"""Looks for a pattern in one file after another."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

from hocket_plugins.tools.files import content
from hocket_plugins.tools.files.glob_pattern import glob
from hocket_plugins.tools.files.names import shown
from hocket_plugins.tools.files.protection import is_declared, may_read
from hocket_plugins.tools.files.regex import Regex
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.desk import Desk
    from hocket_plugins.tools.files.input import GrepInput
    from hocket_plugins.tools.files.search import Findings

_BLOCK = 1024 * 1024
_LONGEST = 4 * _BLOCK
"""A longer line is looked at in pieces."""
_WIDEST = 500
"""So many characters of a line are shown."""


class Hunt:
    """One search: what is wanted, where, and what was found."""

    def __init__(self, wish: GrepInput, desk: Desk, top: Place, findings: Findings) -> None:
        self.wanted = Regex(f"(?i){wish.pattern}" if wish.ignore_case else wish.pattern)
        self._fits = glob(wish.glob) if wish.glob else None
        self._mode = wish.output_mode
        self._desk = desk
        self._top = top
        self._findings = findings

    def look(self, place: Place, stop: Event) -> bool:
        """Search one file; False when nothing more fits."""
        if self._fits and not self._fits.finds(shown(os.path.relpath(place.real, self._top.real))):
            return True
        try:
            is_declared(self._desk.context, place)
            may_read(self._desk.context, place)
            with self._desk.ground.file(place) as file:
                return self._search(place, file, stop)
        except Trouble:
            self._findings.passed_over("no leave to read it")
        return True

    def _search(self, place: Place, file: IO[bytes], stop: Event) -> bool:
        if content.binary(file.read(content.HEAD)):
            if place == self._top:
                self._findings.passed_over("it is binary")
            return True
        file.seek(0)
        found = self._lines(file, stop)
        if self._mode == "content":
            lines = (f"{number}:{content.harmless(line)[:_WIDEST]}" for number, line in found)
            return self._findings.add(place, lines)
        count = sum(1 for _ in found)
        if not count:
            return True
        return self._findings.add(place, [str(count)] if self._mode == "count" else [""])

    def _lines(self, file: IO[bytes], stop: Event) -> Iterator[tuple[int, str]]:
        before = 0
        for block in _blocks(file):
            if stop.is_set():
                return
            text = content.mended(block)[0].replace("\r\n", "\n")
            yield from ((before + number, line) for number, line in self.wanted.lines(text))
            before += block.count(b"\n")


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Read whole lines, about a megabyte at a time."""
    rest = b""
    while chunk := file.read(_BLOCK):
        rest += chunk
        end = rest.rfind(b"\n") + 1 or (len(rest) if len(rest) >= _LONGEST else 0)
        if end:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest
