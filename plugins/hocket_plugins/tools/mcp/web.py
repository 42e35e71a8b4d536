"""Speaks with a server over HTTP, with a bound on every reply."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx2
from mcp.client.streamable_http import streamable_http_client

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from mcp.client._transport import TransportStreams

MOST_BYTES = 64 * 2**20
"""Bytes of one reply."""
_CONNECT_S = 30.0


class _Bounded(httpx2.AsyncByteStream):
    """A reply that ends with an error when it is too long."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the bytes, as long as there are not too many."""
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > MOST_BYTES:
                raise httpx2.StreamError(f"a reply of more than {MOST_BYTES:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        """Let the connection go."""
        await self._stream.aclose()


@asynccontextmanager
async def web(url: str, headers: Mapping[str, str]) -> AsyncGenerator[TransportStreams]:
    """Carry messages to an address; how long a reply may take is decided by whoever waits."""
    async with (
        httpx2.AsyncClient(
            headers=dict(headers),
            timeout=httpx2.Timeout(_CONNECT_S, read=None),
            event_hooks={"response": [_bound]},
        ) as client,
        streamable_http_client(url, http_client=client) as streams,
    ):
        yield streams


async def _bound(response: httpx2.Response) -> None:
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Bounded(response.stream)
