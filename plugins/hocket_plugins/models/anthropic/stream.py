"""One streamed answer of the service: sent for, read, and let go of."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from hocket_plugins.models.anthropic import failures, wire

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from anthropic import AsyncStream
    from httpx2 import Response
    from pydantic import JsonValue

    from hocket_plugins.models.anthropic.clients import Client
    from hocket_plugins.models.anthropic.fields import JsonObject

_DRAIN_S = 0.2
"""How long the rest of a whole reply may take, so that its connection can serve the next turn."""


async def sent(client: Client, body: JsonObject) -> AsyncStream[object]:
    """Send a request and wait for its headers; raises whatever the SDK does."""
    from anthropic import AsyncStream

    # Not `messages.create`: it walks through the whole body once more, and warns on stderr.
    stream = await client.post(
        "/v1/messages", cast_to=object, body=body, stream=True, stream_cls=AsyncStream[object]
    )
    await _check(stream.response)
    return stream


async def events(stream: AsyncStream[object], *, framed: bool) -> AsyncGenerator[JsonObject]:
    """Give the events as they come; `framed` ones are in AWS' own frames, which the SDK undoes."""
    if framed:
        async for event in stream:
            yield wire.decoded(cast("JsonValue", event))
        return
    async with (
        aclosing(stream.response.aiter_bytes()) as chunks,
        aclosing(wire.events(chunks)) as lines,
    ):
        async for line in lines:
            yield line


async def drain(rest: AsyncIterator[JsonObject]) -> None:
    """Read what follows a whole reply; an error here is only a connection less."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(_DRAIN_S):
            async for _ in rest:
                pass


async def drop(stream: AsyncStream[object]) -> None:
    """Let go of the connection; one that fails while it is dropped is dropped."""
    with contextlib.suppress(Exception):
        await stream.response.aclose()


async def _check(response: Response) -> None:
    kind = response.headers.get("content-type", "")
    if "event-stream" not in kind and "eventstream" not in kind:
        page = await response.aread()
        raise failures.unreadable(response.status_code, page.decode(errors="replace"))
