"""One answer of a server: sent for, read, and let go of."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from hocket_plugins.models.openai_compatible import failures

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from httpx2 import AsyncClient, Response
    from pydantic import JsonValue

    from hocket_plugins.models.openai_compatible.fields import JsonObject
    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

_REST_S = 2.0
"""How long the usage may take after a reply is whole; some servers then leave the line open."""
_DONE = "[DONE]"
_LOOPBACK = ("http://127.", "http://localhost", "http://[::1]")


def connect(base_url: str, key: str, section: OpenAiSection) -> AsyncClient:
    """Make the client, which imports httpx2 and reads certificates: for a thread."""
    import httpx2

    authorization = {"authorization": f"Bearer {key}"} if key else {}
    return httpx2.AsyncClient(
        base_url=base_url,
        headers={**authorization, **section.headers},
        params=section.query,
        timeout=httpx2.Timeout(section.timeout_s, connect=section.connect_timeout_s),
        limits=httpx2.Limits(max_connections=1_000, max_keepalive_connections=100),
        follow_redirects=True,
        # A server on this machine is asked directly, also where a proxy is set for the rest.
        trust_env=not base_url.startswith(_LOOPBACK),
    )


async def sent(client: AsyncClient, path: str, body: JsonObject) -> Response:
    """Send a request and wait for its headers; raises ProviderFailure or what httpx2 does."""
    request = client.build_request("POST", path, json=body)
    response = await client.send(request, stream=True)
    try:
        await check(response, "text/event-stream", "application/json")
    except BaseException:
        await drop(response)
        raise
    return response


async def check(response: Response, *kinds: str) -> None:
    """Raise ProviderFailure for an error, and for a page where an answer should be."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.is_success and kind in kinds:
        return
    raw = (await response.aread()).decode(errors="replace")
    if response.is_success:
        raise failures.unreadable(response.status_code, raw)
    try:
        body: JsonValue = json.loads(raw)
    except ValueError:
        body = raw
    raise failures.told(response.status_code, body, response.headers, raw)


async def chunks(response: Response) -> AsyncGenerator[str]:
    """Give the data of every event; a server that does not stream has one."""
    from httpx2 import EventSource

    if "json" in response.headers.get("content-type", ""):
        yield (await response.aread()).decode()
        return
    source = EventSource(response, max_event_size=None)
    async for event in source:
        if event.data and event.data != _DONE:
            yield event.data


async def following(source: AsyncGenerator[str], *, finished: bool) -> str | None:
    """Give the next chunk, or None at the end; after a whole reply nobody waits for long."""
    try:
        async with asyncio.timeout(_REST_S if finished else None):
            return await anext(source, None)
    except TimeoutError:
        if not finished:
            raise
        return None


async def drop(response: Response) -> None:
    """Let go of the connection; one that fails while it is dropped is dropped."""
    with contextlib.suppress(Exception):
        await response.aclose()
