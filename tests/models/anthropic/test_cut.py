"""A reply that was cut is never taken for a whole one, wherever the cut was."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.messages import ProviderFailure, Stop, ToolUse, Turn

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
"""A stream that ends where the connection does: nothing but its own marker tells its end."""

KINDS = {
    "rate",
    "overloaded",
    "server",
    "network",
    "cut",
    "quota",
    "auth",
    "context_full",
    "bad_request",
    "unknown",
}


def recorded(says, reply):
    """Write a short reply with every kind of piece in it."""
    used = {"input_tokens": 9, "output_tokens": 1}
    blocks = (reply.text("Hé"), reply.tool('{"a":', "1}", index=1))
    return says.sse(*reply.whole(*blocks, reason="tool_use", usage=used))


async def outcome(claude, provider):
    """Give the turn, or the kind of its failure."""
    try:
        return (await claude.heard(provider))[-1].turn
    except ProviderFailure as failure:
        return failure.kind


@pytest.mark.parametrize("how", ["reset", "close", "ends"])
def test_a_cut_at_every_byte_is_a_cut(claude, wire, says, reply, how):
    """`ends`: no transport notices anything, as the SDK does not either."""
    data = recorded(says, reply)
    start = PLAIN if how == "ends" else says.head()
    end = "reset" if how == "reset" else "close"
    body = data if how == "ends" else says.chunk(data)

    async def story(provider):
        wire.say(says.Answer([start + body], "close" if how == "ends" else "keep"))
        if how != "ends":
            wire.answers[0].pieces.append(says.END)
        whole = await outcome(claude, provider)
        for at in range(len(data) - 1):
            part = data[:at] if how == "ends" else says.chunk(data)[: at + 5]
            wire.say(says.Answer([start + part], end))
            assert await outcome(claude, provider) == "cut", data[:at]
        wire.say(says.Answer([start + body + (b"" if how == "ends" else says.END)], "close"))
        assert await outcome(claude, provider) == whole
        return whole

    whole = claude.run(story, wire)
    assert whole.message.blocks[1] == ToolUse(id="t1", name="Read", raw='{"a":1}')
    assert whole.stop is Stop.TOOLS


def test_a_cut_in_the_headers_is_a_matter_of_the_network(claude, wire, says):
    async def story(provider):
        kinds = []
        for at in range(0, len(says.head()), 7):
            wire.say(says.Answer([says.head()[:at]], "reset"))
            kinds.append(await outcome(claude, provider))
        return kinds

    assert set(claude.run(story, wire)) == {"network"}


def test_nobody_listens(claude, wire):
    async def story(provider):
        gone = claude.provider("http://127.0.0.1:9")
        try:
            return await claude.failure(gone)
        finally:
            await gone.aclose()

    failure = claude.run(story, wire)
    assert failure.kind == "network"
    assert failure.code == "ConnectionRefusedError"


def test_a_stream_without_its_end_marker_is_cut_though_all_else_came(claude, wire, says, reply):
    events = reply.whole(reply.text("all of it"))
    wire.say(says.stream(says.sse(*events[:-1])))
    assert claude.run(claude.failure, wire).kind == "cut"


def test_an_end_marker_without_a_reason_is_cut(claude, wire, says, reply):
    start, *blocks, _, stop = reply.whole(reply.text("x"))
    wire.say(says.stream(says.sse(start, *blocks, stop)))
    assert claude.run(claude.failure, wire).kind == "cut"


@pytest.mark.parametrize(
    "broken",
    [
        b'data: {"type": "message_stop"\n\n',
        b'data: ["message_stop"]\n\n',
        b"data: \xff\xfe\n\n",
        b'data: {"type": "message_start", "message": {}}\n\n',
        b'data: {"type": "content_block_delta", "index": 9, "delta": {}}\n\n',
        b'data: {"type": "content_block_start", "content_block": {}}\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
def test_a_broken_event_is_a_cut(claude, wire, says, reply, broken):
    events = reply.whole(reply.text("x"))
    wire.say(says.stream(says.sse(*events[:2]) + broken + says.sse(*events[2:])))
    assert claude.run(claude.failure, wire).kind == "cut"


@pytest.mark.parametrize("raw", ['{"a": 1, "b": ', "[1]", '{"a": 1}}', "nonsense", '{"a": NaN'])
def test_the_input_of_a_tool_is_never_completed(claude, wire, says, reply, raw):
    """The SDK's own helper makes {"a": 1} of the first one."""
    wire.say(says.stream(says.sse(*reply.whole(reply.tool(raw), reason="tool_use"))))
    turn = claude.run(claude.turn, wire)
    assert turn.message.blocks[0].raw == raw


@pytest.mark.parametrize("pieces", [(), ('{"path": "a',)])
def test_a_tool_call_that_ran_out_of_tokens_is_no_call(claude, wire, says, reply, pieces):
    wire.say(says.stream(says.sse(*reply.whole(reply.tool(*pieces), reason="max_tokens"))))
    turn = claude.run(claude.turn, wire)
    assert turn.stop is Stop.MAX_TOKENS
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(turn.message.blocks[0].raw)


def test_an_input_that_came_with_the_start_of_its_block_is_kept(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.tool(given={"a": 1}), reason="tool_use"))))
    assert claude.run(claude.turn, wire).message.blocks[0].raw == '{"a": 1}'


MUTATIONS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=12)), max_size=6
)
HEADS = st.sampled_from(
    [PLAIN, PLAIN.replace(b"200", b"529"), PLAIN.replace(b"200", b"400"), b"", b"\x00\xff\r\n\r\n"]
)


@settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(head=HEADS, mutations=MUTATIONS)
def test_whatever_bytes_come_only_one_exception_leaves(claude, wire, says, reply, head, mutations):
    """A reply in which bytes were replaced, put in or left out, or nothing like one."""
    data = head + recorded(says, reply)
    for where, length, other in mutations:
        at = int(where * len(data))
        data = data[:at] + other + data[at + length :]

    async def story(provider):
        wire.say(says.Answer([data], "close"))
        return await outcome(claude, provider)

    ended = claude.run(story, wire)
    assert isinstance(ended, Turn) or ended in KINDS
