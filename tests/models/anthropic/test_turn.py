"""One turn against a real connection: what comes, in which order, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import aclosing

import pytest

from hocket.api.calls import Usage
from hocket.api.messages import Closed, Delta, Foreign, Opened, Ping, Stop, Text, Thinking, ToolUse

TRANSPORTS = ["aiohttp", "httpx2"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_turn_is_opened_told_piece_by_piece_and_closed(claude, wire, says, reply, transport):
    said = reply.whole(reply.text("Hel", "lo"), usage={"input_tokens": 7, "output_tokens": 1})
    wire.say(says.stream(says.sse(*said), request_id="req_1"))

    async def story(provider):
        return await claude.heard(provider)

    heard = claude.run(story, wire, transport=transport)
    *pieces, closed = heard
    assert pieces == [
        Opened(usage=Usage(input=7, output=1, cost_micros=None), request_id="req_1"),
        Delta(part="text", index=0, text="Hel"),
        Delta(part="text", index=0, text="lo"),
    ]
    assert isinstance(closed, Closed)
    assert closed.turn.message == claude.assistant("Hello")
    assert closed.turn.stop is Stop.END
    assert closed.turn.raw_stop == "end_turn"
    assert closed.turn.model_served == "m-1"
    assert closed.turn.request_id == "req_1"
    assert closed.turn.usage == Usage(input=7, output=5, cost_micros=None)
    assert closed.turn.limits is None


def test_the_connection_of_a_whole_reply_serves_the_next_turn(claude, wire, says, reply):
    """Also when the end of the stream comes a moment after the end of the reply."""
    wire.say(says.pieces(says.sse(*reply.whole(reply.text("x")))))

    async def story(provider):
        for _ in range(5):
            await claude.turn(provider)

    claude.run(story, wire)
    assert len(wire.asked) == 5
    assert wire.connections == 1


def test_a_reply_is_whole_although_the_server_never_hangs_up(claude, wire, says, reply):
    wire.say(says.pieces(says.sse(*reply.whole(reply.text("x"))), last=False, end="hang"))
    turn = claude.run(claude.turn, wire)
    assert turn.message == claude.assistant("x")


def test_leaving_a_turn_early_drops_its_connection(claude, wire, says, reply):
    wire.say(says.pieces(says.sse(reply.start(), *reply.text("x")[:2]), last=False, end="hang"))

    async def story(provider):
        async with aclosing(provider.turn(claude.request())) as pieces:
            async for piece in pieces:
                if isinstance(piece, Delta):
                    break
        await wire.gone.wait()

    claude.run(story, wire)


def test_a_cancelled_turn_drops_its_connection_too(claude, wire, says):
    wire.say(says.pieces(b": wait\n", last=False, end="hang"))

    async def story(provider):
        turn = provider.turn(claude.request())
        assert isinstance(await anext(turn), Ping)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(turn)
        await wire.gone.wait()

    claude.run(story, wire)


def test_pings_and_comments_are_signs_of_life_without_content(claude, wire, says, reply):
    start, *rest = reply.whole(reply.text("x"))
    wire.say(says.stream(b": hi\n\n" + says.sse(start, {"type": "ping"}, *rest)))
    heard = claude.run(claude.heard, wire)
    assert [type(one) for one in heard] == [Ping, Opened, Ping, Delta, Closed]


def test_every_kind_of_block_is_put_together(claude, wire, says, reply):
    thinking = reply.block(
        0,
        {"type": "thinking", "thinking": "", "signature": ""},
        {"type": "thinking_delta", "thinking": "Let me "},
        {"type": "thinking_delta", "thinking": "see."},
        {"type": "signature_delta", "signature": "c2ln"},
    )
    hidden = reply.block(1, {"type": "redacted_thinking", "data": "b3BhcXVl"})
    said = reply.whole(
        thinking,
        hidden,
        reply.text("I ", "look.", index=2),
        reply.tool('{"path": ', '"a.py"}', index=3),
        reply.tool(index=4, use="t2", name="List"),
        reason="tool_use",
    )
    wire.say(says.stream(says.sse(*said)))
    heard = claude.run(claude.heard, wire)
    turn = heard[-1].turn
    assert turn.message.blocks == (
        Thinking(text="Let me see.", signature="c2ln"),
        Thinking(text="", signature="b3BhcXVl", redacted=True),
        Text(text="I look."),
        ToolUse(id="t1", name="Read", raw='{"path": "a.py"}'),
        ToolUse(id="t2", name="List", raw="{}"),
    )
    assert turn.stop is Stop.TOOLS
    parts = [(one.part, one.index) for one in heard if isinstance(one, Delta)]
    assert parts == [("thinking", 0)] * 2 + [("text", 2)] * 2 + [("input", 3)] * 2


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", Stop.END),
        ("max_tokens", Stop.MAX_TOKENS),
        ("model_context_window_exceeded", Stop.CONTEXT_FULL),
        ("pause_turn", Stop.PAUSE),
        ("refusal", Stop.REFUSAL),
        ("compaction", Stop.COMPACTED),
        ("stop_sequence", Stop.STOP_SEQUENCE),
        ("a_reason_of_tomorrow", Stop.END),
    ],
)
def test_every_reason_to_stop_has_its_word(claude, wire, says, reply, reason, stop):
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x"), reason=reason))))
    turn = claude.run(claude.turn, wire)
    assert (turn.stop, turn.raw_stop) == (stop, reason)


def test_tools_are_run_whatever_a_reason_of_tomorrow_is_called(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.tool("{}"), reason="tomorrow"))))
    assert claude.run(claude.turn, wire).stop is Stop.TOOLS


def test_what_a_block_of_tomorrow_says_is_kept_and_goes_back_unchanged(claude, wire, says, reply):
    search = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}}
    found = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"url": "u"}]}
    summary = {"type": "compaction", "content": None}
    said = reply.whole(
        reply.block(0, search, {"type": "input_json_delta", "partial_json": '{"query": "q"}'}),
        reply.block(1, found),
        reply.block(
            2,
            summary,
            {"type": "compaction_delta", "content": "all "},
            {"type": "compaction_delta", "content": "of it"},
        ),
        reason="pause_turn",
    )
    unknown = {"type": "event_of_tomorrow", "index": 0}
    wire.say(says.stream(says.sse(said[0], unknown, *said[1:])))

    async def story(provider):
        turn = await claude.turn(provider)
        again = claude.request(messages=(claude.user("q"), turn.message, claude.user("go on")))
        await claude.turn(provider, again)
        return turn

    turn = claude.run(story, wire)
    blocks = [
        {**search, "input": {"query": "q"}},
        found,
        {"type": "compaction", "content": "all of it"},
    ]
    assert turn.message.blocks == tuple(Foreign(provider="anthropic", data=one) for one in blocks)
    assert wire.asked[1].body["messages"][1]["content"] == blocks


def test_u2028_is_no_end_of_a_line(claude, wire, says, reply):
    """str.splitlines, and the SDK's own line reader, part a JSON text there."""
    odd = "a\u2028b\u2029c\x85d\x0be\x1cf"
    wire.say(says.stream(says.sse(*reply.whole(reply.text(odd)))))
    assert claude.run(claude.turn, wire).message == claude.assistant(odd)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pieces_may_end_anywhere_even_inside_a_character(claude, wire, says, reply, size):
    data = says.sse(*reply.whole(reply.text("grüße 🎶", "ok"), reply.tool('{"a": "é"}', index=1)))
    wire.say(says.pieces(*(data[at : at + size] for at in range(0, len(data), size))))
    turn = claude.run(claude.turn, wire)
    assert turn.message == claude.assistant(
        "grüße 🎶ok", ToolUse(id="t1", name="Read", raw='{"a": "é"}')
    )


def test_lines_may_end_with_cr_lf_and_data_may_have_several_lines(claude, wire, says, reply):
    events = reply.whole(reply.text("x"))
    data = "".join(
        "".join(f"data: {line}\n" for line in json.dumps(one, indent=1).splitlines()) + "\n"
        for one in events
    )
    wire.say(says.stream(data.replace("\n", "\r\n").encode()))
    assert claude.run(claude.turn, wire).message == claude.assistant("x")


def test_the_sdk_is_imported_by_a_thread(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x")))))
    before = threading.active_count()

    async def story(provider):
        await provider.warm()
        assert threading.active_count() > before
        await claude.turn(provider)

    claude.run(story, wire)


def test_a_provider_can_be_used_again_after_it_was_closed(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x")))))

    async def story(provider):
        await claude.turn(provider)
        await provider.aclose()
        await provider.aclose()
        await claude.turn(provider)

    claude.run(story, wire)
    assert wire.connections == 2


def test_turns_side_by_side_share_one_client_and_keep_apart(claude, wire, says, reply):
    wire.say(*(says.stream(says.sse(*reply.whole(reply.text(str(at))))) for at in range(20)))

    async def story(provider):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(claude.turn(provider)) for _ in range(20)]
        return sorted(int(task.result().message.blocks[0].text) for task in tasks)

    assert claude.run(story, wire) == list(range(20))
