"""Batches: handed over as one, collected by name, and every way in which a part can fail."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field

import pytest

from hocket.api.messages import AnswerMode, ProviderFailure, Stop, Thinking, ToolUse
from hocket.api.providers import Batching
from hocket.testing.standin import StandIn
from hocket_plugins.models.anthropic import batches
from hocket_plugins.models.anthropic.provider import AnthropicProvider
from hocket_plugins.models.anthropic.settings import AnthropicSection

SHAPE = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def played(tell, **server):
    """Play a story with a provider on a stand-in."""

    async def story():
        async with StandIn(**server) as standin:
            provider = AnthropicProvider(
                "anthropic", AnthropicSection(base_url=standin.url), os.environ
            )
            try:
                return await tell(provider), standin.log
            finally:
                await provider.aclose()

    return asyncio.run(story())


def collected(claude, **texts):
    """Hand texts over, and give all that came back."""
    model = "standin-small"
    requests = {name: claude.request(text, model=model) for name, text in texts.items()}

    async def tell(provider):
        return await provider.collect_batch(await provider.submit_batch(requests))

    return played(tell)


def test_the_provider_can_do_batches():
    assert isinstance(AnthropicProvider("anthropic", AnthropicSection(), {}), Batching)


def test_every_request_gets_its_own_reply_by_its_name(claude):
    replies, log = collected(claude, a="answer=one;", b="answer=two;", c="think=40; answer=three;")
    assert {name: turn.message.blocks[-1].text for name, turn in replies.items()} == {
        "a": "one",
        "b": "two",
        "c": "three",
    }
    assert all(turn.stop is Stop.END and turn.request_id for turn in replies.values())
    assert all(turn.usage.input and turn.usage.output for turn in replies.values())
    assert [entry.stream for entry in log] == [False] * 3


def test_a_reply_is_what_it_would_have_been_at_once(claude):
    mode = AnswerMode(kind="tool", shape=SHAPE)
    request = claude.request('answer={"n": 7}; think=40;', model="standin", answer=mode)

    async def tell(provider):
        batch = await provider.collect_batch(await provider.submit_batch({"a": request}))
        return batch["a"], await claude.turn(provider, request)

    (later, now), _ = played(tell)
    assert [type(block) for block in later.message.blocks] == [
        type(block) for block in now.message.blocks
    ]
    assert isinstance(later.message.blocks[0], Thinking)
    assert isinstance(later.message.blocks[-1], ToolUse)
    assert later.message.blocks[-1].raw.replace(" ", "") == '{"n":7}'
    assert (later.stop, later.model_served) == (now.stop, now.model_served)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("fault=529;", "overloaded"),
        ("fault=500;", "server"),
        ("word " * 20_000, "context_full"),
    ],
)
def test_a_part_that_failed_says_how_and_the_others_are_there(claude, text, kind):
    replies, _ = collected(claude, good="answer=yes;", bad=text)
    assert isinstance(replies["bad"], ProviderFailure)
    assert replies["bad"].kind == kind
    assert replies["good"].message.blocks[0].text == "yes"


def test_until_it_is_done_there_is_nothing(claude):
    async def tell(provider):
        batch = await provider.submit_batch({"a": claude.request(model="standin")})
        early = await provider.collect_batch(batch)
        await provider.cancel_batch(batch)
        return early, await provider.collect_batch(batch)

    (early, late), log = played(tell, batch_s=3_600.0)
    assert early is None
    assert (late["a"].kind, late["a"].code) == ("server", "canceled")
    assert log == []


def test_a_batch_nobody_knows_is_a_failure(claude):
    async def tell(provider):
        found = []
        for asking in (provider.collect_batch, provider.cancel_batch):
            with pytest.raises(ProviderFailure) as caught:
                await asking("msgbatch_none")
            found.append(caught.value.kind)
        with pytest.raises(ProviderFailure) as caught:
            await provider.submit_batch({})
        return [*found, caught.value.kind]

    assert played(tell)[0] == ["bad_request"] * 3


@dataclass
class Client:
    """A service that says odd things."""

    says: object
    page: str = ""
    asked: list = field(default_factory=list)

    async def post(self, path, **_):
        self.asked.append(path)
        return self.says

    async def get(self, path, **_):
        self.asked.append(path)
        return self if path.endswith("/results") else self.says

    @property
    def text(self):
        return self.page


def test_a_batch_without_an_id_is_no_batch():
    with pytest.raises(ProviderFailure, match="without an id"):
        asyncio.run(batches.submit(Client({}), {"a": {}}))


@pytest.mark.parametrize(
    ("line", "kind", "code"),
    [
        ('{"custom_id": "a", "result": {"type": "expired"}}', "server", "expired"),
        ('{"custom_id": "a", "result": {}}', "server", "no type"),
        ('{"custom_id": "a"}', "server", "no type"),
        ('{"custom_id": "a", "result": {"type": "errored"}}', "unknown", "200"),
        ('{"custom_id": "a", "result": {"type": "succeeded"}}', "cut", "broken result"),
        (
            '{"custom_id": "a", "result": {"type": "succeeded", "message": {"content": []}}}',
            "cut",
            "broken result",
        ),
    ],
)
def test_a_part_that_is_no_reply_is_a_failure_of_its_own(line, kind, code):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    client = Client({"processing_status": "ended"}, f"{line}\n")
    found = asyncio.run(batches.collect(client, "b/1", "anthropic"))
    assert (found["a"].kind, found["a"].code) == (kind, code)
    assert client.asked == [
        "/v1/messages/batches/b%2F1",
        "/v1/messages/batches/b%2F1/results",
    ]


def test_a_page_that_is_no_json_is_a_failure():
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    client = Client({"processing_status": "ended"}, "<html>")
    with pytest.raises(ProviderFailure):
        asyncio.run(batches.collect(client, "b", "anthropic"))
