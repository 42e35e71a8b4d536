"""The links of a page, numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.tools.web import link
from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    from hocket_plugins.tools.web.link import Link

MOST = 2_000


class References:
    """Gives each address one number, from 1 on; without an own address nothing has one."""

    def __init__(self, here: Link | None) -> None:
        self._here = self._from = here
        self._numbers: dict[str, int] = {}
        self._links: list[Link] = []
        self._seen: dict[str, int] = {}

    def rebase(self, reference: str) -> None:
        """Let what follows be relative to another address; only the first time."""
        if self._from is self._here and (there := self._read(reference)):
            self._from = there

    def number(self, reference: str) -> int:
        """Give the number of what a link refers to; 0 for what is no other web page."""
        if not reference or reference.startswith("#"):
            return 0
        if reference not in self._seen and len(self._links) < MOST:
            self._seen[reference] = self._new(reference)
        return self._seen.get(reference, 0)

    @property
    def urls(self) -> tuple[str, ...]:
        """All addresses, by their numbers."""
        return tuple(one.url for one in self._links)

    @property
    def near(self) -> tuple[str, ...]:
        """Those on the host of the page itself."""
        here = self._here
        return tuple(one.url for one in self._links if here and one.is_same_place(here))

    def _new(self, reference: str) -> int:
        there = self._read(reference)
        if there is None:
            return 0
        if there.url not in self._numbers:
            self._links.append(there)
            self._numbers[there.url] = len(self._links)
        return self._numbers[there.url]

    def _read(self, reference: str) -> Link | None:
        try:
            return link.follow(self._from, reference) if self._from else None
        except Refusal:
            return None
