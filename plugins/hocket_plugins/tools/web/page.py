"""What was read at an address: its text, its links, and any part of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

TEXT, LINKS = 32_000, 5_000
"""So many characters of a page and of its links are shown at once: less than 40,000 in all."""


@dataclass(frozen=True, slots=True)
class Page:
    """Text, and where in it stand the numbers of which links."""

    text: str
    title: str = ""
    kind: str = "text/plain"
    """Its media type."""
    links: tuple[str, ...] = ()
    """Addresses by number, from 1 on."""
    near: tuple[str, ...] = ()
    """Those on the page's own host."""
    marks: tuple[tuple[int, int], ...] = ()
    """Places in the text in rising order, each with the number of a link."""

    def part(self, offset: int) -> str:
        """Give the text from a character on, and below it the links that stand in it."""
        text = self.text[offset : offset + TEXT]
        return f"{text}\n\n{below}" if (below := self._links(offset)) else text

    def after(self, offset: int) -> int | None:
        """Give the character with which the next part begins."""
        end = offset + TEXT
        return end if end < len(self.text) else None

    def _links(self, offset: int) -> str:
        first = bisect_left(self.marks, (offset, 0))
        end = bisect_left(self.marks, (offset + TEXT, 0))
        numbers = dict.fromkeys(number for _, number in self.marks[first:end])
        lines: list[str] = []
        room = LINKS
        for shown, number in enumerate(numbers):
            line = f"[{number}] {self.links[number - 1]}"
            room -= len(line) + 1
            if room < 0:
                return "\n".join((*lines, f"[{len(numbers) - shown} more links are not shown]"))
            lines.append(line)
        return "\n".join(lines)
