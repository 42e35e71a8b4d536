"""From an address to a page: every hop checked, no host left without asking."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from hocket.api.reach import reaches
from hocket_plugins.tools.web import hypertext, link, words
from hocket_plugins.tools.web.body import received, unpacked
from hocket_plugins.tools.web.page import Page
from hocket_plugins.tools.web.refusal import Refusal
from hocket_plugins.tools.web.resolver import checked

if TYPE_CHECKING:
    from httpx2 import Response

    from hocket.api.ceiling import Ceiling
    from hocket_plugins.tools.web.link import Link
    from hocket_plugins.tools.web.resolver import Resolve
    from hocket_plugins.tools.web.wire import Wire

REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Content:
    """What an address gave, or the address on another host that it refers to."""

    link: Link
    content_type: str = ""
    coding: str = ""
    raw: bytes = b""
    elsewhere: Link | None = None


def declared(there: Link, ceiling: Ceiling | None) -> None:
    """Raise Refusal for a host that the bundle that asks did not declare."""
    if not reaches(ceiling, there.host):
        raise Refusal(f"capability:network: its bundle did not declare {there.host}")


async def travel(
    start: Link, wire: Wire, resolve: Resolve, ceiling: Ceiling | None = None
) -> Content:
    """Fetch from an address and follow it on its host; raises Refusal.

    A redirect to another host is handed back: to go there is a use of its own, which rules for
    that host must see first.
    """
    here = start
    for _ in range(REDIRECTS + 1):
        addresses = await checked(here, resolve)
        async with wire.get(here, addresses) as response:
            there = _target(here, response)
            if there is None:
                return await _content(here, response)
        declared(there, ceiling)
        if not there.is_same_place(start):
            return Content(here, elsewhere=there)
        here = there
    raise Refusal(f"it was redirected more than {REDIRECTS} times")


async def read(content: Content) -> Page:
    """Turn what came into a page, in a thread; raises Refusal."""
    stop = Event()
    try:
        return await asyncio.to_thread(_read, content, stop)
    finally:
        # Nobody can end a thread: it looks here between the pieces of a page.
        stop.set()


def _target(here: Link, response: Response) -> Link | None:
    location = response.headers.get("location")
    if response.status_code not in _MOVED or location is None:
        return None
    there = link.follow(here, location)
    if here.scheme == "https" and there.scheme != "https":
        raise Refusal("it refers to an address that is not encrypted")
    return there


async def _content(here: Link, response: Response) -> Content:
    if not response.is_success:
        raise Refusal(f"{here.host} answered with status {response.status_code}")
    content_type = response.headers.get("content-type", "")
    words.kind_of(content_type)
    coding = response.headers.get("content-encoding", "")
    return Content(here, content_type, coding, await received(response))


def _read(content: Content, stop: Event) -> Page:
    kind = words.kind_of(content.content_type)
    text = words.decoded(unpacked(content.raw, content.coding), content.content_type)
    if words.is_html(kind):
        return hypertext.text_of(text, content.link, stop)
    return Page(words.harmless(text), kind=kind)
