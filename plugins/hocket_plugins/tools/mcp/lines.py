"""Cuts what a server prints into lines, and says when it is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.tools.mcp.foreign import line
from hocket_plugins.tools.mcp.trouble import Down

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 16 * 2**20
"""Bytes of one line."""
BURST, PER_S = 5_000, 100.0
"""So many lines at once, and so many more each second, may come without a request of ours."""
STRAYS = 200
"""Lines in a row that are no message; a few are what careless programs print."""


class Lines:
    """What came so far: the unfinished line, and how much there was without being asked."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._rest = bytearray()
        self._allowed, self._since = float(BURST), now()
        self._strays = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """Give the lines that are whole now; raises Down for one that never ends."""
        self._rest += chunk
        if b"\n" not in chunk:
            self._check(len(self._rest))
            return []
        *whole, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        self._check(max(map(len, whole)))
        return [bytes(one) for one in whole if one.strip()]

    def asked(self) -> None:
        """Note a request: whoever is asked may say much."""
        self._allowed = float(BURST)

    def heard(self) -> None:
        """Count a message; raises Down when there were too many."""
        self._strays = 0
        self._count()

    def stray(self, words: bytes) -> None:
        """Count a line that is no message; raises Down when there was nothing else for long."""
        self._strays += 1
        if self._strays > STRAYS:
            said = line(words[:400].decode("utf-8", "replace"), 80)
            raise Down(f"it prints what is no message, such as: {said}")
        self._count()

    def _count(self) -> None:
        now = self._now()
        grown = self._allowed + (now - self._since) * PER_S
        self._allowed, self._since = min(grown, float(BURST)) - 1, now
        if self._allowed < 0:
            raise Down(f"it floods its output: over {BURST:,} messages nobody asked for")

    def _check(self, size: int) -> None:
        if size > LONGEST:
            raise Down(f"it floods its output: a line of more than {LONGEST:,} bytes")
