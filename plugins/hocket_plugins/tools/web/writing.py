"""A page while it is written: paragraphs, headings, lists, tables, and numbered links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.page import Page
from hocket_plugins.tools.web.words import harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket_plugins.tools.web.references import References

_SPACE = re.compile(r"[ \t\n\f\r]+")
_HEADINGS = {f"h{level}": f"{'#' * level} " for level in range(1, 7)}
_APART = (
    "p div section article main header footer nav aside ul ol dl table blockquote pre figure form "
    "fieldset details address body hr h1 h2 h3 h4 h5 h6"
)
_LINES = "li dt dd tr caption figcaption summary legend"
_GAPS = {**dict.fromkeys(_APART.split(), "\n\n"), **dict.fromkeys(_LINES.split(), "\n")}
_CELLS = frozenset({"td", "th"})
_TITLE, _ALT = 300, 200


class Writing:
    """Collects pieces; white space is held back until it is known what follows."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""
        self._exact = 0
        self._title = ""
        self._anchors: list[int] = []
        self._marks: list[tuple[int, int]] = []

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._break(tag)
        if tag == "a":
            self._anchors.append(self._references.number(attributes.get("href", "")))
        elif tag == "pre":
            self._exact += 1
        elif prefix := _HEADINGS.get(tag) or ("- " if tag == "li" else ""):
            self._put(prefix)

    def end(self, tag: str) -> None:
        """End an element."""
        if tag == "a" and self._anchors:
            self._mark(self._anchors.pop())
        elif tag == "pre":
            self._exact -= 1
        elif tag in _CELLS:
            self._gap = self._gap if "\n" in self._gap else " | "
        self._break(tag)

    def empty(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Write what stands for an element without content."""
        if tag == "base":
            self._references.rebase(attributes.get("href", ""))
        elif tag == "br":
            self._space("\n")
        elif tag == "hr":
            self._break(tag)
        elif tag == "img" and (words := one_line(attributes.get("alt", ""), _ALT)):
            self._put(f"[image: {words}]")

    def text(self, data: str) -> None:
        """Write text; outside of `pre` white space is one space."""
        if self._exact:
            self._put(harmless(data))
            return
        words = harmless(_SPACE.sub(" ", data))
        if words.startswith(" "):
            self._space(" ")
        if inner := words.strip(" "):
            self._put(inner)
            if words.endswith(" "):
                self._space(" ")

    def name(self, data: str) -> None:
        """Add to the title."""
        self._title = one_line(self._title + data, _TITLE)

    def page(self) -> Page:
        """Give all that was written."""
        text, links = "".join(self._pieces), self._references
        return Page(text, self._title, "text/html", links.urls, links.near, tuple(self._marks))

    def _mark(self, number: int) -> None:
        if number:
            gap, self._gap = self._gap, ""
            self._put(f" [{number}]", number)
            self._space(gap)

    def _break(self, tag: str) -> None:
        if gap := _GAPS.get(tag):
            self._space(gap)

    def _space(self, gap: str) -> None:
        """Hold back the widest gap."""
        if gap.count("\n") > self._gap.count("\n") or not self._gap:
            self._gap = gap

    def _put(self, text: str, number: int = 0) -> None:
        if self._pieces and self._gap:
            self._add(self._gap)
        self._gap = ""
        if number:
            self._marks.append((self._length, number))
        self._add(text)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
