"""From a host's name to addresses that were all checked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.addresses import is_public
from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    from hocket_plugins.tools.web.link import Link

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def system(host: str, port: int) -> list[str]:
    """Ask as any program on this machine does; raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def checked(link: Link, resolve: Resolve) -> tuple[str, ...]:
    """Give the addresses of a host; raises Refusal if even one of them is not public.

    Whoever connects takes one of these and never asks for the name again: a second answer
    may be another one.
    """
    try:
        addresses = tuple(await resolve(link.host, link.port))
    except (OSError, UnicodeError) as cause:
        raise Refusal(f"no address of {link.host} is known") from cause
    if not addresses:
        raise Refusal(f"no address of {link.host} is known")
    if not all(map(is_public, addresses)):
        raise Refusal(f"{link.host} is not on the public web")
    return addresses
