"""One turn of a Claude model: one request, one stream, no second try."""

from __future__ import annotations

import asyncio
import copy
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from hocket.api.messages import Closed, ProviderFailure
from hocket_plugins.models.anthropic import batches, encode, failures, headers, places, stream
from hocket_plugins.models.anthropic.catalogue import Catalogue, line_of
from hocket_plugins.models.anthropic.contents import Encoder
from hocket_plugins.models.anthropic.fields import count, table
from hocket_plugins.models.anthropic.reply import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from anthropic import AsyncStream
    from pydantic import JsonValue

    from hocket.api.messages import Capabilities, Delta, Opened, Ping, Turn, TurnRequest
    from hocket_plugins.models.anthropic.clients import Client
    from hocket_plugins.models.anthropic.fields import JsonObject
    from hocket_plugins.models.anthropic.settings import AnthropicSection, Place
    from hocket_plugins.models.anthropic.sheet import Sheet

    Encoding = Callable[[TurnRequest, Sheet, Encoder], JsonObject]


class AnthropicProvider:
    """Claude models in one place; one connection pool, made at the first use."""

    load: Callable[[str], bytes | None] | None = None
    """Gives the bytes of images and documents; without it the model reads that they are absent."""

    def __init__(self, place: Place, section: AnthropicSection, env: Mapping[str, str]) -> None:
        self.name: str = place
        self._place: Place = place
        self._section, self._env = section, env
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._catalogue = Catalogue(place, section, self._connected)
        self._lanes: dict[str, str] = {}

    def found(self, env: Mapping[str, str]) -> str | None:
        """Say why this place can work here, or None; imports nothing, asks nobody."""
        asked = places.asked_for(self._place, env)
        if not asked and self._section.at(self._place).base_url:
            asked = "base_url is configured"
        return asked if asked and not places.lacking(self._place) else None

    def lacks(self, env: Mapping[str, str]) -> str | None:
        """Say what is missing although the place was asked for."""
        return places.lacking(self._place) if places.asked_for(self._place, env) else None

    def advice(self) -> str:
        """Say what to set so that this place is taken."""
        return places.advice(self._place)

    def lane(self, model: str) -> str:
        """Name what shares one rate limit; the first answer for a model stays."""
        at, known = self._section.at(self._place), self._catalogue.known(model)
        endpoint = places.endpoint(self._place, at, self._env)
        account = places.account(self._place, at, self._env)
        family = (known and known.line) or model
        return self._lanes.setdefault(model, f"{self.name}|{endpoint}|{account}|{family}")

    async def warm(self) -> None:
        """Import the SDK and make the client in a thread; raises ProviderFailure."""
        await self._connected()

    def line(self, alias: str) -> str:
        """Give the line of models that a short name means; asks nobody."""
        return line_of(alias)

    async def resolve(self, alias: str) -> str:
        """Give the model that a short name (`opus`, `large`) means here; raises ProviderFailure."""
        return await self._catalogue.resolve(alias)

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model can do; raises ProviderFailure when nobody can be asked."""
        return (await self._catalogue.sheet(model)).capabilities

    async def fits_grammar(self, shape: JsonObject) -> bool:
        """Say whether the service's grammar can hold an answer to exactly this schema."""
        await self._connected()
        from anthropic import transform_schema

        try:
            return transform_schema(copy.deepcopy(shape)) == shape
        except Exception:  # noqa: BLE001  the SDK asserts and indexes its way through a schema
            return False

    async def count(self, request: TurnRequest) -> int | None:
        """Count the input by an extra request, or say None where nobody counts."""
        if not self._section.counts(self._place):
            return None
        client, body = await self._encoded(request, encode.counted)
        try:
            said = await client.post("/v1/messages/count_tokens", cast_to=object, body=body)
        except Exception as cause:
            raise failures.of(cause) from cause
        return count(table(cast("JsonValue", said)).get("input_tokens")) or None

    async def turn(self, request: TurnRequest) -> AsyncGenerator[Opened | Delta | Ping | Closed]:
        """Stream one reply; leaving it early drops the connection."""
        client, body = await self._encoded(request, encode.body)
        try:
            answer = await stream.sent(client, body)
        except Exception as cause:
            raise failures.of(cause) from cause
        try:
            async with aclosing(self._replied(answer)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as cause:
            raise failures.of(cause, replying=True) from cause
        finally:
            await stream.drop(answer)

    async def submit_batch(self, requests: Mapping[str, TurnRequest]) -> str:
        """Hand requests over, to be answered later for less; raises ProviderFailure."""
        encoded = {
            name: await self._encoded(request, encode.batched) for name, request in requests.items()
        }
        bodies = {name: body for name, (_, body) in encoded.items()}
        return await batches.submit(await self._connected(), bodies)

    async def collect_batch(self, batch: str) -> Mapping[str, Turn | ProviderFailure] | None:
        """Give all replies of a batch by their names, or None while it is not done."""
        return await batches.collect(await self._connected(), batch, self.name)

    async def cancel_batch(self, batch: str) -> None:
        """Ask the service to stop what it has not begun."""
        await batches.cancel(await self._connected(), batch)

    async def aclose(self) -> None:
        """Close all connections; the next use makes new ones."""
        client, self._client = self._client, None
        if client:
            await client.close()

    async def _replied(
        self, answer: AsyncStream[object]
    ) -> AsyncGenerator[Opened | Delta | Ping | Closed]:
        reply, said = Reply(self.name), answer.response.headers
        request_id = headers.request_id(said)
        async with aclosing(stream.events(answer, framed=self.name == "bedrock")) as events:
            async for event in events:
                begun = reply.begun
                piece = reply.take(event)
                if reply.begun and not begun:
                    yield reply.opened(request_id)
                if piece:
                    yield piece
                if reply.ended:
                    break
            turn = reply.turn(request_id, headers.limits(said))
            await stream.drain(events)
        yield Closed(turn=turn)

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None:
                from hocket_plugins.models.anthropic.clients import connect

                try:
                    self._client = await asyncio.to_thread(connect, self._place, self._section)
                except Exception as cause:
                    raise failures.unusable(cause) from cause
            return self._client

    async def _encoded(self, request: TurnRequest, how: Encoding) -> tuple[Client, JsonObject]:
        client, sheet = await self._connected(), await self._catalogue.sheet(request.model)
        if sheet.retired:
            raise ProviderFailure("bad_request", code="retired", told=sheet.retired)
        return client, how(request, sheet, Encoder(self.name, self.load or _nothing))


def _nothing(_digest: str) -> None:
    return None
