"""A search server of the person's choice that speaks as SearXNG does."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from hocket_plugins.tools.web import link
from hocket_plugins.tools.web.body import received, unpacked
from hocket_plugins.tools.web.engine import Found, Hit
from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    import ssl

    from httpx2 import AsyncClient, Response

_HEADERS = {"User-Agent": "hocket", "Accept": "application/json", "Accept-Encoding": "gzip"}
_FORBIDDEN = 403
_SILENCE_S = 30.0


class _Result(BaseModel):
    url: str
    title: str | None = None
    content: str | None = None


class _Answer(BaseModel):
    results: list[_Result] = Field(max_length=10_000)


class SearchServer:
    """Asks the server; its own address is not checked, since it may be in a private network."""

    outside = True

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/").removesuffix("/search") + "/search"
        self._host = self.source = urlsplit(url).hostname or ""
        self._tls: ssl.SSLContext | None = None

    def lacks(self) -> str | None:
        """Lack nothing: whether it answers is seen when it is asked."""
        return None

    async def find(self, query: str, most: int) -> Found:
        """Ask once, without redirects; raises Refusal."""
        import httpx2

        try:
            raw = await self._asked(query)
            results = _Answer.model_validate_json(raw).results
        except (httpx2.HTTPError, httpx2.InvalidURL) as cause:
            raise Refusal(f"the search server {self._host} cannot be reached") from cause
        except ValidationError as cause:
            raise Refusal(f"the search server {self._host} gave no list of results") from cause
        hits = tuple(islice((hit for one in results if (hit := _hit(one))), most))
        hosts = frozenset(link.read(hit.url).host for hit in hits)
        return Found(hits, hosts | {self._host})

    async def _asked(self, query: str) -> bytes:
        async with (
            await asyncio.to_thread(self._client) as client,
            client.stream("GET", self._url, params={"q": query, "format": "json"}) as response,
        ):
            self._check(response)
            raw = await received(response)
            return unpacked(raw, response.headers.get("content-encoding", ""))

    def _client(self) -> AsyncClient:
        """Make a client; reading the certificates takes long enough for a thread."""
        import httpx2

        self._tls = self._tls or httpx2.create_ssl_context(trust_env=False)
        return httpx2.AsyncClient(
            verify=self._tls, trust_env=False, headers=_HEADERS, timeout=_SILENCE_S
        )

    def _check(self, response: Response) -> None:
        if response.status_code == _FORBIDDEN:
            raise Refusal(f"{self._host} does not give json: allow it in its search.formats")
        if not response.is_success:
            raise Refusal(f"the search server answered with status {response.status_code}")


def _hit(result: _Result) -> Hit | None:
    """Leave out what could not be fetched."""
    try:
        url = link.read(result.url).url
    except Refusal:
        return None
    return Hit(result.title or url, url, result.content or "")
