"""A model provider that speaks to an endpoint by aiohttp alone: what plain HTTP costs.

The bench installs it as a plugin into the environment of one command only.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from hocket.api.calls import Usage
from hocket.api.markers import hookimpl
from hocket.api.messages import (
    Capabilities,
    Closed,
    Delta,
    Message,
    Opened,
    Ping,
    ProviderFailure,
    Stop,
    Text,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp import ClientSession

    from hocket.api.messages import TurnRequest
    from hocket.api.settings import PluginSettings

ROOM = Capabilities(window=1_000_000, max_output=64_000)


class Direct:
    """Sends a request, reads the events line by line."""

    name = "direct"

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    async def capabilities(self, model: str) -> Capabilities:
        """Say what is enough for the workloads."""
        return ROOM

    async def count(self, request: TurnRequest) -> None:
        """Count nothing."""

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Opened | Delta | Ping | Closed]:
        """Stream one reply."""
        import aiohttp  # noqa: PLC0415

        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(
                os.environ["ANTHROPIC_BASE_URL"], connector=connector
            )
        texts, usage = list[str](), Usage()
        async with self._session.post("/v1/messages", json=_body(request)) as reply:
            async for line in reply.content:
                if not line.startswith(b"data: "):
                    continue
                event = json.loads(line[6:])
                kind = event["type"]
                if kind == "content_block_delta":
                    texts.append(event["delta"]["text"])
                    yield Delta(part="text", index=0, text=texts[-1])
                elif kind == "message_start":
                    usage = Usage(input=event["message"]["usage"]["input_tokens"])
                    yield Opened(usage=usage, request_id="direct")
                elif kind == "message_delta":
                    usage += Usage(output=event["usage"]["output_tokens"])
                elif kind == "message_stop":
                    said = Message(role="assistant", blocks=(Text(text="".join(texts)),))
                    yield Closed(turn=Turn(message=said, stop=Stop.END, usage=usage))
                    return
        raise ProviderFailure("cut")

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()


def _body(request: TurnRequest) -> dict[str, object]:
    messages = [
        {"role": one.role, "content": [{"type": "text", "text": b.text} for b in one.blocks]}
        for one in request.messages
    ]
    body = {"model": request.model, "max_tokens": request.max_tokens, "stream": True}
    return {**body, "system": "\n".join(request.system), "messages": messages}


@hookimpl
def hocket_register_models(settings: PluginSettings) -> list[Direct]:
    """Hand it over."""
    return [Direct()]
