"""Fifteen probes that every way to a model must pass, or refuse before anything is sent.

The ways: Anthropic's API, a service of its kind, and two dialects of chat completions. Another
server, of somebody else's making, gets the same questions in `test_aimock.py`.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from hocket.api.messages import (
    AnswerMode,
    Closed,
    Delta,
    Message,
    Opened,
    ProviderFailure,
    Stop,
    Text,
    Thinking,
    ToolResult,
    ToolSpec,
    ToolUse,
    TurnRequest,
)
from hocket.testing.standin import StandIn
from hocket_plugins.models.anthropic.provider import AnthropicProvider
from hocket_plugins.models.anthropic.settings import AnthropicSection
from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
from hocket_plugins.models.openai_compatible.settings import OpenAiSection

KEYS = {"ANTHROPIC_API_KEY": "sk-nobody", "OPENAI_API_KEY": "sk-nobody"}
SHAPE = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}
READ = ToolSpec(
    name="Read",
    description="Reads a file.",
    input_schema={"type": "object", "properties": {"path": {"type": "string"}}},
)


def anthropic(url, **more):
    return AnthropicProvider("anthropic", AnthropicSection(base_url=url, **more), KEYS)


def openai(url, **more):
    return OpenAiProvider(OpenAiSection(base_url=f"{url}/v1", **more), KEYS)


WAYS = {
    "anthropic": anthropic,
    "of its kind": lambda url: anthropic(url, compat=True),
    "chat completions": openai,
    "new chat completions": lambda url: openai(url, limit="max_completion_tokens", reasoning=True),
}


@dataclass
class Way:
    """A provider, the server behind it, and what a probe asks."""

    name: str
    provider: object
    server: StandIn

    @property
    def is_chat(self):
        return self.name.endswith("completions")

    def request(self, text="", *messages, **fields):
        given = {"model": "standin", "max_tokens": 2_000}
        return TurnRequest(**given, **fields, messages=messages or (user(text),))

    async def pieces(self, one):
        async with aclosing(self.provider.turn(one)) as heard:
            return [piece async for piece in heard]

    async def turn(self, text="", *messages, **fields):
        last = (await self.pieces(self.request(text, *messages, **fields)))[-1]
        assert isinstance(last, Closed)
        return last.turn

    async def failure(self, text, **fields):
        with pytest.raises(ProviderFailure) as caught:
            await self.turn(text, **fields)
        return caught.value


def user(*blocks):
    said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
    return Message(role="user", blocks=said)


async def plain(way):
    turn = await way.turn("size=40;")
    (block,) = turn.message.blocks
    assert (len(block.text), turn.stop) == (40, Stop.END)


async def stream(way):
    opened, *between, closed = await way.pieces(way.request("size=4000;"))
    assert isinstance(opened, Opened)
    deltas = [one for one in between if isinstance(one, Delta)]
    assert len(deltas) > 1
    assert "".join(one.text for one in deltas) == closed.turn.message.blocks[0].text


async def usage(way):
    used = (await way.turn("size=40;")).usage
    assert used.input > 0
    assert used.output > 0
    assert not used.estimated


async def system(way):
    turn = await way.turn("size=5;", system=("You are brief.", "You are kind."))
    assert turn.stop is Stop.END


async def tools(way):
    turn = await way.turn('tool=Read{"path": "ü.py"};', tools=(READ,))
    (use,) = [one for one in turn.message.blocks if isinstance(one, ToolUse)]
    assert (turn.stop, json.loads(use.raw)) == (Stop.TOOLS, {"path": "ü.py"})


async def parallel_tools_and_results(way):
    order = 'tool=Read{"path": "a"}; tool=Read{"path": "b"};'
    first = await way.turn(order, tools=(READ,))
    uses = [one for one in first.message.blocks if isinstance(one, ToolUse)]
    assert len({one.id for one in uses}) == 2
    results = [ToolResult(use_id=one.id, content=(Text(text="text"),)) for one in uses]
    last = await way.turn("", user(order), first.message, user(*results), tools=(READ,))
    assert last.stop is Stop.END


async def broken_tool(way):
    turn = await way.turn('tool=Read{"path": "a;', tools=(READ,))
    assert not [
        one for one in turn.message.blocks if isinstance(one, ToolUse) and is_object(one.raw)
    ]


async def schema_by_grammar(way):
    if "grammar" not in (await way.provider.capabilities("standin")).answers:
        return
    mode = AnswerMode(kind="grammar", shape=SHAPE)
    turn = await way.turn('answer={"ok": true};', answer=mode)
    assert json.loads(turn.message.blocks[-1].text) == {"ok": True}


async def schema_by_tool(way):
    turn = await way.turn('answer={"ok": true};', answer=AnswerMode(kind="tool", shape=SHAPE))
    assert json.loads(turn.message.blocks[-1].raw) == {"ok": True}


async def thinking(way):
    turn = await way.turn("think=200; size=10;", effort="high")
    assert turn.message.blocks[-1].text
    assert way.is_chat or isinstance(turn.message.blocks[0], Thinking)


async def too_many_tokens(way):
    turn = await way.turn("size=10; stop=max_tokens;")
    assert turn.stop is Stop.MAX_TOKENS


async def rate(way):
    failure = await way.failure("fault=429; after=7;")
    assert (failure.kind, round(failure.retry_after_s)) == ("rate", 7)


async def overload(way):
    assert (await way.failure("fault=529;")).kind == "overloaded"


async def cut(way):
    assert (await way.failure("fault=nostop;")).kind == "cut"


async def count(way):
    counted = await way.provider.count(way.request("size=10;", cache=None))
    used = (await way.turn("size=10;", cache=None)).usage.input
    assert counted == (used if way.name == "anthropic" else None)


PROBES = [
    plain,
    stream,
    usage,
    system,
    tools,
    parallel_tools_and_results,
    broken_tool,
    schema_by_grammar,
    schema_by_tool,
    thinking,
    too_many_tokens,
    rate,
    overload,
    cut,
    count,
]


def is_object(raw):
    try:
        return isinstance(json.loads(raw), dict)
    except ValueError:
        return False


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_a_probe(monkeypatch, name, probe):
    for key, value in KEYS.items():
        monkeypatch.setenv(key, value)

    async def play():
        async with StandIn() as server:
            provider = WAYS[name](server.url)
            try:
                async with asyncio.timeout(100):
                    await probe(Way(name, provider, server))
            finally:
                await provider.aclose()
            strangers = [one.path for one in server.log if "count" in one.path or "?" in one.path]
            assert name == "anthropic" or not strangers

    asyncio.run(play())
