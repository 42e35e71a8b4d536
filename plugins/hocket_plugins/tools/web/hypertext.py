"""HTML as text: what a person would see of it, with its links numbered."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.references import References
from hocket_plugins.tools.web.visible import DROPPED, ENDED_BY, VOID, is_hidden
from hocket_plugins.tools.web.writing import Writing

if TYPE_CHECKING:
    from threading import Event

    from hocket_plugins.tools.web.link import Link
    from hocket_plugins.tools.web.page import Page

_COMMENT_END = re.compile(r"--!?>")
Attributes = list[tuple[str, str | None]]


class Stopped(Exception):
    """Nobody waits for the text any more."""


def text_of(html: str, here: Link | None, stop: Event) -> Page:
    """Turn the HTML of an address into a page; raises Stopped soon after `stop` was set."""
    reader = _Reader(Writing(References(here)), stop)
    reader.feed(html)
    reader.close()
    reader.finish()
    return reader.writing.page()


class _Reader(HTMLParser):
    """Keeps track of what is open, and writes what is not hidden.

    It is fed once with everything. So what is not ended goes to the end of the page, as in a
    browser, and no part is looked at twice; Python's own parser would show the text of such
    comments, and needs quadratic time for some pages.
    """

    def __init__(self, writing: Writing, stop: Event) -> None:
        super().__init__(convert_charrefs=True)
        self.writing = writing
        self._stop = stop
        self._open: list[tuple[str, bool]] = []
        self._count: Counter[str] = Counter()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Open an element, or write what stands for an empty one."""
        self._look()
        ended = ENDED_BY.get(tag, frozenset[str]())
        while self._open and self._open[-1][0] in ended:
            self._close()
        given = {name: value or "" for name, value in reversed(attrs)}
        hides = tag in DROPPED or is_hidden(given)
        if tag in VOID:
            if not self._hidden and not hides:
                self.writing.empty(tag, given)
            return
        self._open.append((tag, hides))
        self._count[tag] += 1
        self._hidden += hides
        if not self._hidden:
            self.writing.begin(tag, given)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Take it for a beginning: in HTML the slash means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and all that stand open in it."""
        self._look()
        while self._count[tag]:
            if self._close() == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write it, unless something around it is hidden."""
        self._look()
        if not self._hidden:
            self.writing.text(data)
        elif self._open[-1][0] == "title" and not self._count["svg"]:
            self.writing.name(data)

    def finish(self) -> None:
        """Close what is still open."""
        while self._open:
            self._close()

    def parse_comment(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002, ARG002  its own signature
        """Drop it; it ends as in a browser."""
        if self.rawdata.startswith((">", "->"), i + 4):
            return self.rawdata.index(">", i) + 1
        end = _COMMENT_END.search(self.rawdata, i + 4)
        return end.end() if end else len(self.rawdata)

    def parse_html_declaration(self, i: int) -> int:
        """Drop it, whatever it declares."""
        return self._behind(self.rawdata.find(">", i))

    def parse_pi(self, i: int) -> int:
        """Drop it."""
        return self._behind(self.rawdata.find(">", i))

    def parse_starttag(self, i: int) -> int:
        """Read it; one that is not ended takes the rest with it."""
        end = super().parse_starttag(i)
        return len(self.rawdata) if end < 0 else end

    def parse_endtag(self, i: int) -> int:
        """Read it; one that is not ended takes the rest with it."""
        end = super().parse_endtag(i)
        return len(self.rawdata) if end < 0 else end

    def _behind(self, place: int) -> int:
        return len(self.rawdata) if place < 0 else place + 1

    def _look(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _close(self) -> str:
        tag, hides = self._open.pop()
        self._count[tag] -= 1
        if not self._hidden:
            self.writing.end(tag)
        self._hidden -= hides
        return tag
