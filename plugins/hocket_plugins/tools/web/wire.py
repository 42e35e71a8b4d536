"""One GET to an address that was checked, with nothing in it that tells of the person."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Callable, Sequence

    from httpx2 import AsyncBaseTransport, Request, Response

    from hocket_plugins.tools.web.link import Link

    Transport = Callable[[], AsyncBaseTransport]

_CONNECT_S, _SILENCE_S = 5.0, 30.0
_TRIED = 4
"""So many addresses of a host are tried."""
_HEADERS = {
    "User-Agent": "hocket (reads single pages for a person)",
    "Accept": "text/html, application/xhtml+xml, application/json, application/xml, text/*",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


class Wire:
    """Sends requests, each on a connection of its own.

    It works below an HTTP client, so that there are no cookies, no proxies, no redirects and
    no credentials of a `.netrc` that could be forgotten to be turned off.
    """

    def __init__(self, transport: Transport | None = None) -> None:
        self._transport = transport
        self._tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def get(self, link: Link, addresses: Sequence[str]) -> AsyncGenerator[Response]:
        """Give the reply when its headers are there; raises Refusal, also while it is read."""
        import httpx2

        try:
            async with await asyncio.to_thread(self._made) as transport:
                response = await _sent(transport, link, addresses[:_TRIED])
                try:
                    yield response
                finally:
                    await response.aclose()
        except (httpx2.TransportError, httpx2.InvalidURL) as cause:
            raise Refusal(_told(link, cause)) from cause

    def _made(self) -> AsyncBaseTransport:
        """Make a transport; reading the certificates takes long enough for a thread."""
        import httpx2

        if self._transport is not None:
            return self._transport()
        self._tls = self._tls or httpx2.create_ssl_context(trust_env=False)
        return httpx2.AsyncHTTPTransport(verify=self._tls, trust_env=False)


async def _sent(transport: AsyncBaseTransport, link: Link, addresses: Sequence[str]) -> Response:
    import httpx2

    failure: httpx2.TransportError | None = None
    for address in addresses:
        try:
            return await transport.handle_async_request(_request(link, address))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as cause:
            failure = cause
    raise failure or httpx2.ConnectError("there is no address")


def _request(link: Link, address: str) -> Request:
    import httpx2

    return httpx2.Request(
        "GET",
        httpx2.URL(link.url).copy_with(host=address),
        headers={"Host": link.authority, **_HEADERS},
        extensions={
            "sni_hostname": link.host,
            "timeout": httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S).as_dict(),
        },
    )


def _told(link: Link, cause: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return f"the certificate of {link.host} does not hold"
    words = "".join(f" {one.lower()}" if one.isupper() else one for one in type(cause).__name__)
    return f"{link.host} cannot be read from ({words.strip()})"
