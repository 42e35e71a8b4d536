"""One turn of a model behind a chat completions endpoint: one request, one stream."""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import aclosing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hocket.api.messages import Closed, Opened
from hocket_plugins.models.openai_compatible import encode, failures, headers, stream
from hocket_plugins.models.openai_compatible.catalogue import Catalogue, listed
from hocket_plugins.models.openai_compatible.contents import Encoder
from hocket_plugins.models.openai_compatible.fields import table
from hocket_plugins.models.openai_compatible.reply import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from httpx2 import AsyncClient, Response

    from hocket.api.messages import Capabilities, Delta, Ping, TurnRequest
    from hocket_plugins.models.openai_compatible.fields import JsonObject
    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

_OPENAI = "https://api.openai.com/v1"


class OpenAiProvider:
    """The models of one server; one connection pool, made at the first use."""

    name = "openai"
    lonely = False
    """Whether nobody configured the server, so that its first model has to do for every tier."""
    load: Callable[[str], bytes | None] | None = None
    """Gives the bytes of images; without it the model reads that they are absent."""

    def __init__(self, section: OpenAiSection, env: Mapping[str, str]) -> None:
        self._section, self._env = section, env
        self._url = (section.base_url or env.get("OPENAI_BASE_URL") or _OPENAI).rstrip("/")
        self._client: AsyncClient | None = None
        self._connecting = asyncio.Lock()
        self._catalogue = Catalogue(section, self._list, lonely=self.lonely)

    def found(self, env: Mapping[str, str]) -> str | None:
        """Say why this server can work here, or None; imports nothing, asks nobody."""
        signs = [name for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL") if env.get(name)]
        if signs:
            return f"{signs[0]} is set"
        return "base_url is configured" if self._section.base_url else None

    def lacks(self, env: Mapping[str, str]) -> str | None:  # noqa: ARG002  every provider has it
        """Say what is missing although the server was asked for: nothing ever is."""
        return None

    def advice(self) -> str:
        """Say what to set so that it can work."""
        return "to use it: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of its kind"

    def lane(self, model: str) -> str:
        """Name what shares one rate limit."""
        key = self._env.get("OPENAI_API_KEY", "")
        account = hashlib.sha256(key.encode()).hexdigest()[:8] if key else "default"
        host = urlsplit(self._url).netloc.rpartition("@")[2]
        return f"{self.name}|{host}|{account}|{model}"

    async def warm(self) -> None:
        """Import the HTTP client and make it in a thread."""
        await self._connected()

    async def resolve(self, alias: str) -> str:
        """Give the model that a short name means here; raises ProviderFailure."""
        return await self._catalogue.resolve(alias)

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model can do; raises ProviderFailure when nobody can be asked."""
        return await self._catalogue.capabilities(model)

    async def fits_grammar(self, shape: JsonObject) -> bool:
        """Say whether the server's grammar is promised to hold exactly this schema."""
        return encode.is_strict(shape)

    async def count(self, request: TurnRequest) -> int | None:  # noqa: ARG002  the protocol's name
        """Say None: these servers do not count."""
        return None

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Opened | Delta | Ping | Closed]:
        """Stream one reply; leaving it early drops the connection."""
        try:
            client = await self._connected()
            answer = await stream.sent(client, "chat/completions", self._body(request))
        except Exception as cause:
            raise self._catalogue.learn(request, failures.of(cause)) from cause
        try:
            async with aclosing(self._replied(request, answer)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as cause:
            raise self._catalogue.learn(request, failures.of(cause, replying=True)) from cause
        finally:
            await stream.drop(answer)

    async def aclose(self) -> None:
        """Close all connections; the next use makes new ones."""
        client, self._client = self._client, None
        if client:
            await client.aclose()

    async def _replied(
        self, request: TurnRequest, answer: Response
    ) -> AsyncGenerator[Opened | Delta | Ping | Closed]:
        # No server promises ids that are told apart over turns; a made-up one names its turn.
        reply, opened = Reply(f"call_{len(request.messages)}"), False
        request_id = answer.headers.get("x-request-id", "")
        async with aclosing(stream.chunks(answer)) as chunks:
            while (chunk := await stream.following(chunks, finished=reply.finished)) is not None:
                pieces = list(reply.take(json.loads(chunk)))
                if not opened:
                    opened = True
                    yield Opened(request_id=request_id)
                for piece in pieces:
                    yield piece
        yield Closed(turn=reply.turn(request_id, headers.limits(answer.headers)))

    def _body(self, request: TurnRequest) -> JsonObject:
        limit = self._section.limit
        if limit == "auto":
            limit = "max_completion_tokens" if self._url == _OPENAI else "max_tokens"
        facts = self._catalogue.facts(request.model)
        encoder = Encoder(self.load or _nothing, self._section.reasoning)
        return encode.body(request, self._section, facts, limit, encoder)

    async def _list(self) -> list[JsonObject]:
        client = await self._connected()
        try:
            response = await client.get("models")
            await stream.check(response, "application/json")
            return listed(table(response.json()))
        except Exception as cause:
            raise failures.of(cause) from cause

    async def _connected(self) -> AsyncClient:
        async with self._connecting:
            if self._client is None:
                key = self._env.get("OPENAI_API_KEY", "")
                connect = stream.connect
                self._client = await asyncio.to_thread(connect, self._url, key, self._section)
            return self._client


def _nothing(_digest: str) -> None:
    return None
