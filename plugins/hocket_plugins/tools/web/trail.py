"""What the web tools of one call remember: where it was, what it knows, what it has read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.web.link import Link
    from hocket_plugins.tools.web.page import Page

MOST_SEARCHES = 20
_PAGES, _CHARACTERS = 4, 20_000_000
_NAME = "web.trail"


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, where it stood in the end, and under which digest its text is kept."""

    link: Link
    page: Page
    digest: str


@dataclass(slots=True)
class Trail:
    """Lives in the memory of a call."""

    searches: int = 0
    _led: set[str] = field(default_factory=set[str])
    """Addresses that a redirect from another host gave, and nothing else."""
    _readings: dict[str, Reading] = field(default_factory=dict[str, Reading])

    @classmethod
    def of(cls, context: ToolContext) -> Trail:
        """Give the trail of this call."""
        trail = context.memory.setdefault(_NAME, cls())
        if not isinstance(trail, cls):
            raise TypeError(f"the memory {_NAME!r} belongs to the web tools")
        return trail

    def admit(self, context: ToolContext, url: str) -> None:
        """Raise Refusal unless the address was found word for word: a model may not write one."""
        texts = (url, url.partition("#")[0])
        if not any(context.may_fetch(text) for text in texts):
            raise Refusal(
                "it stands neither in the task nor in a search result, nor on a page of its host "
                "that was read; search for it first"
            )

    def vouch(self, context: ToolContext, urls: tuple[str, ...]) -> None:
        """Let addresses be fetched that a search gave, or a page that was vouched for itself."""
        self._led.difference_update(urls)
        context.found(urls)

    def lead(self, context: ToolContext, url: str) -> None:
        """Let an address be fetched because a page of another host leads there."""
        if not context.may_fetch(url):
            self._led.add(url)
            context.found((url,))

    def arrive(self, context: ToolContext, start: str, reading: Reading) -> None:
        """Remember what was read at an address, and let its links to its own host be fetched.

        Not so where a redirect led to: for that page one host vouched, for its links none.
        """
        self.keep(start, reading)
        if start in self._led:
            self.lead(context, reading.link.url)
        else:
            self.vouch(context, (reading.link.url, *reading.page.near))

    def keep(self, url: str, reading: Reading) -> None:
        """Remember what was read at an address, for its other parts; only the last few."""
        self._readings[url] = reading
        while len(self._readings) > 1 and self._is_much():
            del self._readings[next(iter(self._readings))]

    def kept(self, url: str) -> Reading | None:
        """Give what was read there."""
        return self._readings.get(url)

    def _is_much(self) -> bool:
        characters = sum(len(one.page.text) for one in self._readings.values())
        return len(self._readings) > _PAGES or characters > _CHARACTERS
