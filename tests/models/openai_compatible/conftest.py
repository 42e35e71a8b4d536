"""A provider for chat completions against a server on this machine, and chunks written short."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

import pytest

from hocket.api.messages import (
    Closed,
    Delta,
    Message,
    Opened,
    ProviderFailure,
    Text,
    TurnRequest,
)
from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
from hocket_plugins.models.openai_compatible.settings import OpenAiSection


class Chat:
    """Asks a provider, and tells what it said."""

    def provider(self, url, env=None, **section):
        given = {"base_url": f"{url}/v1", **section}
        return OpenAiProvider(OpenAiSection.model_validate(given), env or {})

    def request(self, text="hello", **fields):
        given = {"model": "m", "max_tokens": 100, **fields}
        given.setdefault("messages", (self.user(text),))
        return TurnRequest(**given)

    def user(self, *blocks):
        said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
        return Message(role="user", blocks=said)

    def assistant(self, *blocks):
        said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
        return Message(role="assistant", blocks=said)

    async def heard(self, provider, request=None):
        async with aclosing(provider.turn(request or self.request())) as pieces:
            return [piece async for piece in pieces]

    async def turn(self, provider, request=None):
        """Give the turn, after its form was checked: Opened first, Closed last, pieces between."""
        first, *pieces, last = await self.heard(provider, request)
        assert isinstance(first, Opened)
        assert isinstance(last, Closed)
        assert all(isinstance(one, Delta) for one in pieces)
        return last.turn

    async def failure(self, provider, request=None):
        with pytest.raises(ProviderFailure) as caught:
            await self.heard(provider, request)
        return caught.value

    def run(self, story, wire, env=None, **section):
        """Play a story with a provider and a server that are both gone afterwards."""

        async def play():
            async with wire.open():
                provider = self.provider(wire.url, env, **section)
                try:
                    async with asyncio.timeout(100):
                        return await story(provider)
                finally:
                    await provider.aclose()

        return asyncio.run(play())


class Chunks:
    """Writes chunks as servers do."""

    def chunk(self, delta=None, finish=None, **more):
        choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
        return {
            "id": "c1",
            "object": "chat.completion.chunk",
            "model": "m-1",
            "choices": [choice],
            **more,
        }

    def text(self, *pieces):
        return [self.chunk({"content": piece}) for piece in pieces]

    def calls(self, *rows):
        return [self.chunk({"tool_calls": [row]}) for row in rows]

    def usage(self, **counts):
        return {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4, **counts}}

    def data(self, *chunks, done=True):
        lines = [f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in chunks]
        return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


@pytest.fixture
def chat():
    return Chat()


@pytest.fixture
def chunks():
    return Chunks()
