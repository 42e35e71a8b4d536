"""Bedrock's replies, which come in AWS' own frames; the SDK undoes them with botocore."""

from __future__ import annotations

import base64
import json
import struct
import zlib

import pytest

from hocket.api.messages import Closed, Delta, Opened, Ping, ProviderFailure
from hocket_plugins.models.anthropic import failures, stream


def frame(payload, **headers):
    """Write one message of an event stream: lengths, headers, payload, two checksums."""
    head = b""
    for name, value in headers.items():
        key = f":{name.replace('_', '-')}".encode()
        head += struct.pack("!B", len(key)) + key
        head += struct.pack("!BH", 7, len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(head) + len(body), len(head))
    start = prelude + struct.pack("!I", zlib.crc32(prelude))
    return start + head + body + struct.pack("!I", zlib.crc32(start + head + body))


def event(one):
    data = {"bytes": base64.b64encode(json.dumps(one).encode()).decode()}
    return frame(data, message_type="event", event_type="chunk", content_type="application/json")


def wrong(name):
    return frame({"message": "no"}, message_type="exception", exception_type=name)


@pytest.fixture
def bedrock(monkeypatch):
    pytest.importorskip("botocore", reason="for Bedrock: pip install 'anthropic[bedrock]'")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "k")


def framed(says, *frames):
    return says.stream(b"".join(frames), content_type="application/vnd.amazon.eventstream")


def ask(claude, wire, story):
    section = {"places": {"bedrock": {"region": "eu-west-1", "base_url": None}}}

    async def play(_provider):
        section["places"]["bedrock"]["base_url"] = wire.url
        one = claude.provider(None, "bedrock", **section)
        try:
            return await story(one)
        finally:
            await one.aclose()

    return claude.run(play, wire)


def test_a_reply_in_frames_is_a_reply(claude, wire, says, reply, bedrock):
    events = reply.whole(reply.text("Hé", "llo"))
    wire.say(framed(says, *(event(one) for one in events)))
    assert ask(claude, wire, claude.turn).message == claude.assistant("Héllo")
    (asked,) = wire.asked
    assert asked.path == "/model/m/invoke-with-response-stream"
    assert "model" not in asked.body
    assert asked.headers["authorization"] == "Bearer k"


def test_an_exception_in_a_frame_has_its_kind(claude, wire, says, reply, bedrock):
    for name, kind in [
        ("throttlingException", "rate"),
        ("internalServerException", "server"),
        ("modelStreamErrorException", "server"),
        ("validationException", "bad_request"),
    ]:
        wire.say(framed(says, event(reply.start()), wrong(name)))
        assert ask(claude, wire, claude.failure).kind == kind


def test_frames_that_end_before_the_reply_are_a_cut(claude, wire, says, reply, bedrock):
    whole = b"".join(event(one) for one in reply.whole(reply.text("x")))
    for at in range(1, len(whole) - 1, 97):
        wire.say(framed(says, whole[:at]))
        assert ask(claude, wire, claude.failure).kind == "cut"


def test_the_sdk_gives_events_unread_and_tells_its_own_errors(claude, wire, says, reply):
    """The way of Bedrock without its frames: the SDK's stream, as objects of JSON."""
    events = [reply.start(), {"type": "event_of_tomorrow"}, *reply.text("x"), *reply.stop()]
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}

    async def story(provider):
        await provider.warm()
        wire.say(says.stream(says.sse(*events)))
        answer = await stream.sent(provider._client, {"model": "m"})
        heard = [one async for one in stream.events(answer, framed=True)]
        wire.say(says.stream(says.sse(events[0], error)))
        answer = await stream.sent(provider._client, {"model": "m"})
        with pytest.raises(Exception, match="busy") as caught:
            [one async for one in stream.events(answer, framed=True)]
        return heard, failures.of(caught.value, replying=True)

    heard, failure = claude.run(story, wire)
    assert heard == events
    assert type(failure) is ProviderFailure
    assert (failure.kind, failure.code) == ("overloaded", "overloaded_error")


def test_an_answer_nobody_read_is_let_go_of(claude, wire, says, reply):
    wire.say(says.pieces(says.sse(reply.start()), last=False, end="hang"))

    async def story(provider):
        await provider.warm()
        answer = await stream.sent(provider._client, {"model": "m"})
        await stream.drop(answer)
        await wire.gone.wait()

    claude.run(story, wire)


def test_closing_a_framed_turn_early_drops_its_connection(claude, wire, says, reply, bedrock):
    pieces = [event(one) for one in (reply.start(), *reply.text("x"))]
    kind = {"content_type": "application/vnd.amazon.eventstream"}
    wire.say(says.pieces(*pieces, last=False, end="hang", **kind))

    async def story(provider):
        turn = provider.turn(claude.request())
        heard = [await anext(turn), await anext(turn)]
        await turn.aclose()
        await wire.gone.wait()
        return heard

    opened, delta = ask(claude, wire, story)
    assert isinstance(opened, Opened)
    assert delta == Delta(part="text", index=0, text="x")
    assert not isinstance(delta, Ping | Closed)
