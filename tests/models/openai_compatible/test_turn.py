"""One turn of a chat completions server, whatever its habits."""

from __future__ import annotations

import json
from contextlib import aclosing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.calls import Usage
from hocket.api.messages import (
    Delta,
    Opened,
    ProviderFailure,
    RateLimits,
    Stop,
    Text,
    Thinking,
    ToolUse,
    Turn,
)

KINDS = {"network", "cut", "unknown", "bad_request", "server", "rate", "overloaded", "context_full"}


def used(**counts):
    return Usage(cost_micros=None, **counts)


def test_a_turn_is_opened_told_piece_by_piece_and_closed(chat, wire, says, chunks):
    data = chunks.data(
        chunks.chunk({"role": "assistant", "content": ""}),
        *chunks.text("Hel", "lo"),
        chunks.chunk(finish="stop"),
        chunks.usage(),
    )
    wire.say(says.stream(data, x_request_id="r1"))
    *pieces, closed = chat.run(chat.heard, wire)
    assert pieces == [
        Opened(request_id="r1"),
        Delta(part="text", index=1, text="Hel"),
        Delta(part="text", index=1, text="lo"),
    ]
    turn = closed.turn
    assert turn.message == chat.assistant("Hello")
    assert (turn.stop, turn.raw_stop) == (Stop.END, "stop")
    assert (turn.model_served, turn.request_id) == ("m-1", "r1")
    assert turn.usage == used(input=9, output=4)


def test_the_connection_of_a_whole_reply_serves_the_next_turn(chat, wire, says, chunks):
    wire.say(says.stream(chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"))))

    async def story(provider):
        for _ in range(4):
            await chat.turn(provider)

    chat.run(story, wire)
    assert (len(wire.asked), wire.connections) == (4, 1)


@pytest.mark.parametrize("done", [True, False])
def test_some_servers_say_done_and_some_just_end(chat, wire, says, chunks, done):
    data = chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"), chunks.usage(), done=done)
    wire.say(says.stream(data))
    assert chat.run(chat.turn, wire).usage == used(input=9, output=4)


def test_a_connection_that_is_simply_closed_is_an_end_after_a_reason(chat, wire, says, chunks):
    start = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    data = chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"), done=False)
    wire.say(says.Answer([start + data], "close"))
    turn = chat.run(chat.turn, wire)
    assert turn.message == chat.assistant("x")
    assert turn.usage == used(estimated=True)


def test_nobody_waits_long_for_the_end_of_a_whole_reply(chat, wire, says, chunks):
    data = chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"), done=False)
    wire.say(says.pieces(data, last=False, end="hang"))
    assert chat.run(chat.turn, wire).message == chat.assistant("x")


def test_leaving_a_turn_early_drops_its_connection(chat, wire, says, chunks):
    wire.say(says.pieces(chunks.data(*chunks.text("x"), done=False), last=False, end="hang"))

    async def story(provider):
        async with aclosing(provider.turn(chat.request())) as pieces:
            async for piece in pieces:
                if isinstance(piece, Delta):
                    break
        await wire.gone.wait()

    chat.run(story, wire)


def test_no_reason_at_all_is_a_cut_whatever_came(chat, wire, says, chunks):
    wire.say(says.stream(chunks.data(*chunks.text("all of it"), chunks.usage())))
    assert chat.run(chat.failure, wire).kind == "cut"


async def outcome(chat, provider):
    """Give the turn, or the kind of its failure."""
    try:
        return (await chat.heard(provider))[-1].turn
    except ProviderFailure as failure:
        return failure.kind


def test_a_reset_at_every_byte_is_never_a_whole_reply(chat, wire, says, chunks):
    row = {"index": 0, "id": "a", "function": {"name": "Read", "arguments": '{"p":1}'}}
    before = chunks.data(*chunks.text("Hé"), *chunks.calls(row), done=False)
    data = before + chunks.data(chunks.chunk(finish="tool_calls"), chunks.usage())
    raw = says.head() + says.chunk(data) + says.END

    async def story(provider):
        wire.say(says.Answer([raw]))
        whole = await outcome(chat, provider)
        for at in range(len(says.head()), len(raw) - len(says.END), 3):
            wire.say(says.Answer([raw[:at]], "reset"))
            assert await outcome(chat, provider) == "cut", at
        wire.say(says.Answer([raw], "close"))
        assert await outcome(chat, provider) == whole
        return whole

    assert isinstance(chat.run(story, wire), Turn)


@pytest.mark.parametrize(
    "broken", [b"data: {\n\n", b"data: [1]\n\n", b"data: \xff\n\n", b"data: null\n\n"]
)
def test_a_broken_chunk_is_a_cut(chat, wire, says, chunks, broken):
    wire.say(says.stream(chunks.data(*chunks.text("x"), done=False) + broken))
    assert chat.run(chat.failure, wire).kind == "cut"


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=9)), max_size=6))
def test_whatever_bytes_come_only_one_exception_leaves(chat, wire, says, chunks, mutations):
    stream = chunks.data(*chunks.text("Hé"), chunks.chunk(finish="stop"), chunks.usage())
    data = says.head() + says.chunk(stream) + says.END
    for where, length, other in mutations:
        at = int(where * len(data))
        data = data[:at] + other + data[at + length :]

    async def story(provider):
        wire.say(says.Answer([data], "close"))
        return await outcome(chat, provider)

    ended = chat.run(story, wire)
    assert isinstance(ended, Turn) or ended in KINDS


def row(use=None, index=None, name=None, arguments=None):
    function = {"name": name, "arguments": arguments}
    given = {
        "id": use,
        "index": index,
        "function": {k: v for k, v in function.items() if v is not None},
    }
    return {key: value for key, value in given.items() if value is not None}


TWO = [("a", "Read", '{"p": 1}'), ("b", "List", '{"q": 2}')]
MADE_UP = [("call_1_0", "Read", '{"p": 1}'), ("call_1_1", "List", '{"q": 2}')]
TWICE = [("call_1_0", "Read", '{"p": 1}'), ("call_1_1", "Read", '{"q": 2}')]


@pytest.mark.parametrize(
    ("rows", "calls"),
    [
        pytest.param(
            [
                row("a", 0, "Read", ""),
                row(None, 0, None, '{"p"'),
                row(None, 0, None, ": 1}"),
                row("b", 1, "List", ""),
                row(None, 1, None, '{"q": 2}'),
            ],
            TWO,
            id="as OpenAI does",
        ),
        pytest.param(
            [
                row("a", 0, "Read", ""),
                row("b", 1, "List", ""),
                row(None, 1, None, '{"q": 2}'),
                row(None, 0, None, '{"p": 1}'),
            ],
            TWO,
            id="interleaved",
        ),
        pytest.param(
            [row("a", 0, "Read", '{"p": 1}'), row("b", 0, "List", '{"q": 2}')],
            TWO,
            id="two on one index, told apart by id",
        ),
        pytest.param(
            [row(None, 0, "Read", '{"p": 1}'), row(None, 0, "List", '{"q": 2}')],
            MADE_UP,
            id="two on one index without ids",
        ),
        pytest.param(
            [row(None, None, "Read", '{"p": 1}'), row(None, None, "Read", '{"q": 2}')],
            TWICE,
            id="the same tool twice, no id, no index",
        ),
        pytest.param(
            [
                row("a", None, "Read", '{"p"'),
                row(None, None, None, ": 1}"),
                row("b", None, "List", '{"q": 2}'),
            ],
            TWO,
            id="no index",
        ),
        pytest.param(
            [row("a", 0, "Read", {"p": 1}), row("b", 1, "List", {"q": 2})],
            TWO,
            id="arguments as objects",
        ),
        pytest.param(
            [
                row("a", 0, "Read", '{"p"'),
                row("a", 0, "Read", ": 1}"),
                row("b", 1, "List", '{"q": 2}'),
            ],
            TWO,
            id="id and name in every piece",
        ),
        pytest.param(
            [
                row(None, 0, "Read", '{"p"'),
                row(None, 0, "Read", ": 1}"),
                row(None, 1, "List", '{"q": 2}'),
            ],
            MADE_UP,
            id="the name in every piece, no ids",
        ),
        pytest.param(
            [row("x", 0, "Read", '{"p": 1}'), row("x", 1, "List", '{"q": 2}')],
            [("x", "Read", '{"p": 1}'), ("call_1_1", "List", '{"q": 2}')],
            id="one id for both",
        ),
        pytest.param([row("a", 0, "Read")], [("a", "Read", "{}")], id="no arguments"),
        pytest.param(
            [row("a", 0, "Read", '{"p": ')], [("a", "Read", '{"p": ')], id="cut arguments"
        ),
    ],
)
def test_tool_calls_in_every_servers_way(chat, wire, says, chunks, rows, calls):
    """`stop` although tools were asked for: the tools decide."""
    for finish in ("tool_calls", "stop"):
        wire.say(says.stream(chunks.data(*chunks.calls(*rows), chunks.chunk(finish=finish))))
        turn = chat.run(chat.turn, wire)
        assert [(one.id, one.name, one.raw) for one in turn.message.blocks] == calls
        assert turn.stop is Stop.TOOLS


@pytest.mark.parametrize("arguments", [None, '{"p": '])
def test_a_call_that_ran_out_of_tokens_is_no_call(chat, wire, says, chunks, arguments):
    call = row("a", 0, "Read", arguments)
    wire.say(says.stream(chunks.data(*chunks.calls(call), chunks.chunk(finish="length"))))
    turn = chat.run(chat.turn, wire)
    assert turn.stop is Stop.MAX_TOKENS
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(turn.message.blocks[0].raw)


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("stop", Stop.END),
        ("length", Stop.MAX_TOKENS),
        ("content_filter", Stop.REFUSAL),
        ("model_length", Stop.CONTEXT_FULL),
        ("eos", Stop.END),
    ],
)
def test_every_reason_to_stop_has_its_word(chat, wire, says, chunks, finish, stop):
    wire.say(says.stream(chunks.data(*chunks.text("x"), chunks.chunk(finish=finish))))
    turn = chat.run(chat.turn, wire)
    assert (turn.stop, turn.raw_stop) == (stop, finish)


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_is_thinking_and_stays_here_unless_it_is_wanted(chat, wire, says, chunks, key):
    thought = [chunks.chunk({key: "Let me "}), chunks.chunk({key: "see."})]
    wire.say(says.stream(chunks.data(*thought, *chunks.text("x"), chunks.chunk(finish="stop"))))

    async def story(provider):
        turn = await chat.turn(provider)
        again = chat.request(messages=(chat.user("q"), turn.message, chat.user("and?")))
        await chat.turn(provider, again)
        return turn

    turn = chat.run(story, wire)
    assert turn.message.blocks == (Thinking(text="Let me see."), Text(text="x"))
    assert wire.asked[1].body["messages"][1] == {"role": "assistant", "content": "x"}
    chat.run(story, wire, reasoning=True)
    assert wire.asked[-1].body["messages"][1]["reasoning_content"] == "Let me see."


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 4}, used(input=9, output=4)),
        (
            {
                "prompt_tokens": 90,
                "completion_tokens": 4,
                "prompt_tokens_details": {"cached_tokens": 64},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
            used(input=26, cache_read=64, output=4, reasoning=3),
        ),
        (
            {"prompt_tokens": 90, "completion_tokens": 4, "prompt_cache_hit_tokens": 80},
            used(input=10, cache_read=80, output=4),
        ),
        (
            {"prompt_tokens": 5, "completion_tokens": 4, "prompt_cache_hit_tokens": 80},
            used(cache_read=5, output=4),
        ),
        ({"prompt_tokens": 9}, used(input=9, estimated=True)),
        ({"prompt_tokens": 9, "completion_tokens": 0}, used(input=9, estimated=True)),
        (None, used(estimated=True)),
    ],
)
def test_what_a_cache_gave_is_taken_out_of_the_prompt(chat, wire, says, chunks, report, expected):
    last = {"choices": [], "usage": report}
    wire.say(says.stream(chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"), last)))
    assert chat.run(chat.turn, wire).usage == expected


def test_a_server_that_does_not_stream_is_understood(chat, wire, says):
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}],
        "tool_calls": [row("a", None, "Read", '{"p": 1}')],
    }
    body = {
        "id": "c9",
        "model": "m-1",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4},
    }
    wire.say(says.refused(200, body))
    turn = chat.run(chat.turn, wire)
    assert turn.message == chat.assistant("Hello", ToolUse(id="a", name="Read", raw='{"p": 1}'))
    assert (turn.stop, turn.request_id) == (Stop.TOOLS, "c9")
    assert turn.usage == used(input=9, output=4)


def test_limits_are_a_part_of_the_turn(chat, wire, says, chunks):
    data = chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"))
    wire.say(says.stream(data, x_ratelimit_remaining_requests="12"))
    assert chat.run(chat.turn, wire).limits == RateLimits(requests_left=12)


def test_comments_and_odd_lines_are_no_content(chat, wire, says, chunks):
    data = b": PROCESSING\n\n" + chunks.data(*chunks.text("a\u2028b"), chunks.chunk(finish="stop"))
    wire.say(says.stream(data))
    assert chat.run(chat.turn, wire).message == chat.assistant("a\u2028b")
