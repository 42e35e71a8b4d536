"""Both providers against the stand-in: the same questions, the same words for what happens."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from hocket.api.messages import (
    AnswerMode,
    CachePlan,
    Closed,
    Message,
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


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def anthropic(url, **more):
    return AnthropicProvider("anthropic", AnthropicSection(base_url=url, **more), KEYS)


def openai(url, **more):
    return OpenAiProvider(OpenAiSection(base_url=f"{url}/v1", **more), KEYS)


BOTH = pytest.mark.parametrize("make", [anthropic, openai])


def user(*blocks):
    said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
    return Message(role="user", blocks=said)


def request(text="", **fields):
    given = {"model": "standin", "max_tokens": 16_000, "messages": (user(text or "Hello"),)}
    return TurnRequest(**{**given, **fields})


async def asked(provider, one):
    async with aclosing(provider.turn(one)) as pieces:
        last = [piece async for piece in pieces][-1]
    assert isinstance(last, Closed)
    return last.turn


async def failed(provider, one):
    with pytest.raises(ProviderFailure) as caught:
        await asked(provider, one)
    return caught.value


def play(make, story, **more):
    """Play a story with a provider and the stand-in; gives its result and the server's log."""

    async def run():
        async with StandIn() as server:
            provider = make(server.url, **more)
            try:
                async with asyncio.timeout(100):
                    return await story(provider), server.log
            finally:
                await provider.aclose()

    return asyncio.run(run())


@BOTH
@pytest.mark.parametrize("size", [1, 200, 20_000])
def test_a_text_comes_whole_and_its_usage_is_the_servers(make, size):
    turn, log = play(make, lambda provider: asked(provider, request(f"size={size};")))
    (block,) = turn.message.blocks
    assert len(block.text) == size
    assert turn.stop is Stop.END
    assert turn.usage.output > 0
    assert turn.usage.input > 0
    assert turn.usage.cost_micros is None
    assert turn.request_id
    assert len(log) == 1


@BOTH
def test_tools_are_used_and_their_results_understood(make):
    order = 'tool=Read{"path": "a.py"}; tool=Read{"path": "ü.py"};'

    async def story(provider):
        first = request(order, tools=(READ,))
        turn = await asked(provider, first)
        uses = [one for one in turn.message.blocks if isinstance(one, ToolUse)]
        results = [ToolResult(use_id=one.id, content=(Text(text="text"),)) for one in uses]
        messages = (*first.messages, turn.message, user(*results))
        last = await asked(provider, request(tools=(READ,), messages=messages))
        return turn.stop, [one.raw for one in uses], last.stop

    (stop, raws, end), _ = play(make, story)
    assert stop is Stop.TOOLS
    assert raws == ['{"path": "a.py"}', '{"path": "ü.py"}']
    assert end is Stop.END


@BOTH
@pytest.mark.parametrize("kind", ["grammar", "tool"])
def test_an_answer_has_its_shape(make, kind):
    mode = AnswerMode(kind=kind, shape=SHAPE)
    one = request('answer={"ok": true};', answer=mode)
    turn, _ = play(make, lambda provider: asked(provider, one))
    block = turn.message.blocks[-1]
    said = block.raw if isinstance(block, ToolUse) else block.text
    assert isinstance(block, ToolUse) == (kind == "tool")
    assert said.replace(" ", "") == '{"ok":true}'


@BOTH
@pytest.mark.parametrize("fault", ["oddblock", "empty"])
def test_a_reply_that_is_only_odd_is_whole(make, fault):
    turn, _ = play(make, lambda provider: asked(provider, request(f"fault={fault};")))
    assert turn.stop is Stop.END


FAULTS = [
    ("429", "rate"),
    ("429quota", "quota"),
    ("529", "overloaded"),
    ("500", "server"),
    ("502", "server"),
    ("503", "server"),
    ("504", "server"),
    ("408", "server"),
    ("409", "server"),
    ("400", "bad_request"),
    ("400ctx", "context_full"),
    ("401", "auth"),
    ("402", "quota"),
    ("403", "auth"),
    ("404", "bad_request"),
    ("413", "bad_request"),
    ("422", "bad_request"),
    ("reset", "network"),
    ("resethead", "cut"),
    ("resetmid", "cut"),
    ("trunc", "cut"),
    ("hang", "network"),
    ("nostop", "cut"),
    ("html", "unknown"),
    ("badjson", "cut"),
]


@BOTH
@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_every_fault_has_its_kind_and_is_asked_for_once(make, fault, kind):
    one = request(f"fault={fault};", model="standin")
    silence = {"timeout_s": 0.5} if fault == "hang" else {}
    failure, log = play(make, lambda provider: failed(provider, one), **silence)
    assert failure.kind == kind
    assert len(log) == 1


@pytest.mark.parametrize(("make", "kind"), [(anthropic, "overloaded"), (openai, "server")])
def test_an_error_after_status_200_is_what_the_service_calls_it(make, kind):
    failure, _ = play(make, lambda provider: failed(provider, request("fault=sseerror;")))
    assert failure.kind == kind


@BOTH
@pytest.mark.parametrize("fault", ["429", "429ms", "429date"])
def test_a_wait_is_told_in_seconds_however_it_is_written(make, fault):
    one = request(f"fault={fault}; after=900;")
    failure, _ = play(make, lambda provider: failed(provider, one))
    assert failure.kind == "rate"
    assert failure.retry_after_s == pytest.approx(900, abs=2)


@pytest.mark.parametrize("stop", list(Stop))
def test_every_reason_to_stop_comes_over(stop):
    raw = {
        Stop.END: "end_turn",
        Stop.TOOLS: "tool_use",
        Stop.PAUSE: "pause_turn",
        Stop.CONTEXT_FULL: "model_context_window_exceeded",
        Stop.COMPACTED: "compaction",
    }.get(stop, stop.value)
    turn, _ = play(anthropic, lambda provider: asked(provider, request(f"stop={raw};")))
    assert (turn.stop, turn.raw_stop) == (stop, raw)


def test_thinking_is_signed_and_goes_back_as_it_came():
    async def story(provider):
        order = 'think=50; tool=Read{"path": "a"}; then; size=5;'
        first = request(order, tools=(READ,), effort="high")
        turn = await asked(provider, first)
        thought, use = turn.message.blocks
        assert isinstance(thought, Thinking)
        assert thought.signature
        result = ToolResult(use_id=use.id, content=(Text(text="x"),))
        messages = (*first.messages, turn.message, user(result))
        return await asked(provider, request(tools=(READ,), messages=messages))

    turn, _ = play(anthropic, story)
    assert turn.stop is Stop.END


def test_a_prefix_is_written_once_and_read_by_the_next_sibling():
    system = ("You review files. " * 900,)

    async def story(provider):
        plan = CachePlan()
        turns = [
            await asked(provider, request(f"id={at}; size=20;", system=system, cache=plan))
            for at in range(3)
        ]
        return [turn.usage for turn in turns]

    (first, *rest), _ = play(anthropic, story)
    assert first.cache_write > 1_024
    assert first.cache_read == 0
    assert all(one.cache_read >= 1_024 for one in rest)


def test_counting_agrees_with_the_usage_of_the_turn():
    async def story(provider):
        one = request("size=10;", system=("Be brief.",), tools=(READ,), cache=None)
        counted = await provider.count(one)
        return counted, (await asked(provider, one)).usage.input

    (counted, used), _ = play(anthropic, story)
    assert counted == used


def test_models_are_known_by_the_servers_list():
    async def story(provider):
        return (
            await provider.capabilities("claude-opus-5"),
            await provider.capabilities("standin-plain"),
            await provider.resolve("large"),
            await provider.resolve("small"),
            await failed(provider, request(model="standin-retired")),
        )

    (opus, plain, large, small, retired), _ = play(anthropic, story)
    assert opus.answers == ("grammar", "tool", "prompt")
    assert opus.efforts == ("low", "medium", "high", "xhigh", "max")
    assert plain.answers == ("tool", "prompt")
    assert (large, small) == ("claude-opus-5-5", "claude-haiku-5-5")
    assert retired.code == "retired"


@BOTH
def test_siblings_side_by_side_are_told_apart(make):
    async def story(provider):
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(asked(provider, request(f"id={at}; size={at + 1};")))
                for at in range(40)
            ]
        return [len(task.result().message.blocks[0].text) for task in tasks]

    sizes, log = play(make, story)
    assert sizes == list(range(1, 41))
    assert len(log) == 40
