"""A provider for Anthropic's API against a server on this machine, and replies written short."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing

import pytest

from hocket.api.messages import (
    Closed,
    Delta,
    Message,
    Opened,
    Ping,
    ProviderFailure,
    Text,
    TurnRequest,
)
from hocket_plugins.models.anthropic.provider import AnthropicProvider
from hocket_plugins.models.anthropic.settings import AnthropicSection

MODELS = {"m": {"thinking": "none"}}
"""One model that is configured, so that no request but the turn's own is made."""


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Nobody's keys, and one that opens nothing."""
    for name in list(os.environ):
        if name.startswith(("ANTHROPIC_", "AWS_", "CLAUDE_CODE_", "GOOGLE_", "CLOUD_ML_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")


class Claude:
    """Asks a provider, and tells what it said."""

    def provider(self, url, place="anthropic", **section):
        given = {"base_url": url, "models": MODELS, **section}
        return AnthropicProvider(place, AnthropicSection.model_validate(given), os.environ)

    def request(self, text="hello", **fields):
        given = {"model": "m", "max_tokens": 100, "cache": None, **fields}
        given.setdefault("messages", (self.user(text),))
        return TurnRequest(**given)

    def user(self, *blocks):
        said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
        return Message(role="user", blocks=said)

    def assistant(self, *blocks):
        said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
        return Message(role="assistant", blocks=said)

    async def heard(self, provider, request=None):
        """Give everything that one turn gives."""
        async with aclosing(provider.turn(request or self.request())) as pieces:
            return [piece async for piece in pieces]

    async def turn(self, provider, request=None):
        """Give the turn, after its form was checked: one Opened and one Closed in their places."""
        said = await self.heard(provider, request)
        assert isinstance(said[-1], Closed)
        assert [type(one) for one in said].count(Closed) == 1
        assert [type(one) for one in said].count(Opened) == 1
        rest = [one for one in said[:-1] if not isinstance(one, Ping)]
        assert isinstance(rest[0], Opened)
        assert all(isinstance(one, Delta) for one in rest[1:])
        return said[-1].turn

    async def failure(self, provider, request=None):
        with pytest.raises(ProviderFailure) as caught:
            await self.heard(provider, request)
        return caught.value

    def run(self, story, wire, place="anthropic", **section):
        """Play a story with a provider and a server that are both gone afterwards."""

        async def play():
            async with wire.open():
                provider = self.provider(wire.url, place, **section)
                try:
                    async with asyncio.timeout(100):
                        return await story(provider)
                finally:
                    await provider.aclose()

        return asyncio.run(play())


USED = {"input_tokens": 10, "output_tokens": 1}


class Reply:
    """Writes the events of replies."""

    def start(self, usage=None, model="m-1"):
        message = {"id": "msg_1", "model": model, "stop_reason": None, "usage": usage or USED}
        return {"type": "message_start", "message": message}

    def block(self, index, start, *deltas):
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}

    def text(self, *pieces, index=0):
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces]
        return list(self.block(index, {"type": "text", "text": ""}, *deltas))

    def tool(self, *pieces, index=0, name="Read", use="t1", given=None):
        start = {"type": "tool_use", "id": use, "name": name, "input": given or {}}
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
        return list(self.block(index, start, *deltas))

    def stop(self, reason="end_turn", **usage):
        return [
            {
                "type": "message_delta",
                "delta": {"stop_reason": reason, "stop_sequence": None},
                "usage": {"output_tokens": 5, **usage},
            },
            {"type": "message_stop"},
        ]

    def whole(self, *blocks, reason="end_turn", usage=None, **used):
        return [self.start(usage), *(e for b in blocks for e in b), *self.stop(reason, **used)]


@pytest.fixture
def claude():
    return Claude()


@pytest.fixture
def reply():
    return Reply()
