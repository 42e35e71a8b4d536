"""The Messages wire as the official SDK understands it."""

from __future__ import annotations

import json

import pytest

READ = {
    "name": "Read",
    "description": "Read a file.",
    "input_schema": {
        "type": "object",
        "properties": {"path": {"type": "string"}, "lines": {"type": "integer"}},
        "required": ["path"],
    },
}
ANSWER = {**READ, "name": "answer"}
THINK = {"type": "enabled", "budget_tokens": 1_024}


@pytest.fixture(params=["httpx2", "aiohttp"])
def transport(request):
    return request.param


def result(use, text="the content"):
    return {"type": "tool_result", "tool_use_id": use.id, "content": text}


def test_a_prompt_without_orders_gets_two_hundred_characters(story, ask):
    async def told(client, server):
        return await client.messages.create(**ask("Hello."))

    message = story(told)
    assert len(message.content[0].text) == 200
    assert (message.stop_reason, message.role, message.model) == (
        "end_turn",
        "assistant",
        "standin",
    )
    assert message.usage.input_tokens == 2  # "Hello." is six bytes
    assert message._request_id.startswith("req_")


def test_a_stream_has_its_events_in_the_real_order(story, ask):
    async def told(client, server):
        prompt = 'think=60; size=90; tool=Read{"path": "a"};'
        stream = await client.messages.create(**ask(prompt, tools=[READ]), stream=True)
        return [event async for event in stream]

    events = story(told)
    kinds = [event.type.removeprefix("content_block_") for event in events]
    squeezed = [k for k, before in zip(kinds, ["", *kinds], strict=False) if k != before]
    block = ["start", "delta", "stop"]
    assert squeezed == ["message_start", *block, *block, "message_delta", "message_stop"]
    assert events[0].message.stop_reason is None
    assert events[-2].delta.stop_reason == "tool_use"
    deltas = [event.delta.type for event in events if event.type == "content_block_delta"]
    assert deltas.index("signature_delta") > deltas.index("thinking_delta")
    inputs = [
        e.delta.partial_json
        for e in events
        if getattr(e, "delta", 0) and hasattr(e.delta, "partial_json")
    ]
    assert inputs[0] == ""
    assert json.loads("".join(inputs)) == {"path": "a"}


def test_streamed_and_whole_replies_are_the_same(story, ask):
    async def told(client, server):
        prompt = 'think=40; tool=Read{"path": "é — 漢字 \\n"}; tool=Read{"path": "b"};'
        request = ask(prompt, tools=[READ])
        whole = await client.messages.create(**request)
        async with client.messages.stream(**request) as stream:
            streamed = await stream.get_final_message()
        return whole, streamed

    whole, streamed = story(told)
    assert [b.type for b in whole.content] == ["thinking", "tool_use", "tool_use"]
    assert whole.content[1].input == {"path": "é — 漢字 \n"}
    assert [b.input for b in streamed.content[1:]] == [b.input for b in whole.content[1:]]
    assert streamed.content[0] == whole.content[0]
    assert streamed.usage == whole.usage
    assert whole.usage.output_tokens_details.thinking_tokens > 0


def test_the_text_of_the_streaming_helper_is_the_text(story, ask):
    async def told(client, server):
        async with client.messages.stream(**ask("size=3000;")) as stream:
            pieces = [piece async for piece in stream.text_stream]
            return pieces, await stream.get_final_text()

    pieces, text = story(told)
    assert len(text) == 3_000
    assert "".join(pieces) == text
    assert len(pieces) > 50


def test_a_tool_loop_goes_on_until_the_text(story, ask):
    async def told(client, server):
        request, used = ask('tool=Read{"path": "a"}; turns=3; answer=done', tools=[READ]), []
        while True:
            message = await client.messages.create(**request)
            uses = [block for block in message.content if block.type == "tool_use"]
            if not uses:
                return used, message, server.log
            used.append(len(uses))
            request["messages"] += [
                {"role": "assistant", "content": message.content},
                {"role": "user", "content": [result(use) for use in uses]},
            ]

    used, message, log = story(told)
    assert used == [1, 1, 1]
    assert message.stop_reason == "end_turn"
    assert [entry.turn for entry in log] == [0, 1, 2, 3]
    assert {entry.id for entry in log} == {log[0].id}


def test_thinking_comes_back_unchanged_or_is_refused(story, sdk, ask):
    async def told(client, server):
        request = ask('think=80; tool=Read{"path": "a"};', tools=[READ], thinking=THINK)
        message = await client.messages.create(**request)
        thought, use = message.content
        answer = {"role": "user", "content": [result(use)]}
        request["messages"] += [{"role": "assistant", "content": message.content}, answer]
        last = await client.messages.create(**request)
        changed = {"type": "thinking", "thinking": "Else.", "signature": thought.signature}
        request["messages"][1] = {"role": "assistant", "content": [changed, use]}
        with pytest.raises(
            sdk.BadRequestError, match=r"messages\.1\.content\.0: Invalid `signature`"
        ):
            await client.messages.create(**request)
        return last

    assert story(told).stop_reason == "end_turn"


def test_omitted_thinking_has_a_signature_that_holds(story, ask):
    async def told(client, server):
        hidden = {"type": "adaptive", "display": "omitted"}
        request = ask('think=80; tool=Read{"path": "a"};', tools=[READ], thinking=hidden)
        message = await client.messages.create(**request)
        answer = {"role": "user", "content": [result(message.content[1])]}
        request["messages"] += [{"role": "assistant", "content": message.content}, answer]
        return message.content[0], await client.messages.create(**request)

    thought, last = story(told)
    assert (thought.thinking, len(thought.signature)) == ("", 64)
    assert last.stop_reason == "end_turn"


def test_who_turns_thinking_off_gets_none(story, ask):
    async def told(client, server):
        request = ask("think=80;", thinking={"type": "disabled"})
        return await client.messages.create(**request)

    assert [block.type for block in story(told).content] == ["text"]


def test_structured_output_fits_its_schema_without_being_told(story, ask):
    async def told(client, server):
        pydantic = pytest.importorskip("pydantic")

        class Finding(pydantic.BaseModel):
            title: str
            severe: bool
            lines: list[int]

        free = await client.messages.parse(**ask("Find."), output_format=Finding)
        orders = 'answer={"title": "naïve", "severe": false, "lines": [3]};'
        told = await client.messages.parse(**ask(orders), output_format=Finding)
        return free.parsed_output, told.parsed_output

    free, told_ = story(told)
    assert (free.title, free.severe, free.lines) == ("stand-in", True, [])
    assert (told_.title, told_.severe, told_.lines) == ("naïve", False, [3])


def test_an_answer_goes_into_the_answer_tool_if_there_is_one(story, ask):
    async def told(client, server):
        offered = await client.messages.create(**ask('answer={"path": "x"};', tools=[READ, ANSWER]))
        forced = {"type": "tool", "name": "Read"}
        made = await client.messages.create(**ask("Go.", tools=[READ], tool_choice=forced))
        closed = {"type": "none"}
        text = await client.messages.create(**ask("tool=Read{};", tools=[READ], tool_choice=closed))
        some = await client.messages.create(**ask("Go.", tools=[READ], tool_choice={"type": "any"}))
        return offered.content[0], made.content[0], text.content[0], some.content[0]

    offered, made, text, some = story(told)
    assert (offered.name, offered.input) == ("answer", {"path": "x"})
    assert (made.name, made.input) == ("Read", {"path": "stand-in"})
    assert text.type == "text"
    assert some == made.model_copy(update={"id": some.id})


@pytest.mark.parametrize(
    ("orders", "stop", "kinds"),
    [
        ("stop=refusal;", "refusal", ["text"]),
        ("stop=pause_turn;", "pause_turn", ["text", "server_tool_use"]),
        ("stop=model_context_window_exceeded;", "model_context_window_exceeded", ["text"]),
        ('tool=Read{"path": "abcdef"}; stop=max_tokens;', "max_tokens", ["tool_use"]),
        ("size=40000;", "max_tokens", ["text"]),
        ("stop=stop_sequence;", "stop_sequence", ["text"]),
    ],
)
def test_every_stop_reason_can_be_had(story, ask, orders, stop, kinds):
    async def told(client, server):
        async with client.messages.stream(**ask(orders, tools=[READ])) as stream:
            return await stream.get_final_message()

    message = story(told)
    assert message.stop_reason == stop
    assert [block.type for block in message.content] == kinds
    assert (message.stop_details is not None) == (stop == "refusal")


def test_a_paused_turn_is_sent_back_and_goes_on(story, ask):
    async def told(client, server):
        request = ask("stop=pause_turn; then; answer=after the pause;")
        first = await client.messages.create(**request)
        request["messages"].append({"role": "assistant", "content": first.content})
        return await client.messages.create(**request)

    message = story(told)
    assert (message.stop_reason, message.content[0].text) == ("end_turn", "after the pause")


def test_compaction_has_its_own_accounts(story, ask):
    async def told(client, server):
        edits = {"edits": [{"type": "compact_20260112"}]}
        return await client.beta.messages.create(
            **ask("stop=compaction;"), context_management=edits, betas=["compact-2026-01-12"]
        )

    async def streamed(client, server):
        stream = await client.beta.messages.create(
            **ask("stop=compaction;"), stream=True, betas=["compact-2026-01-12"]
        )
        return [e.delta.content async for e in stream if e.type == "content_block_delta"]

    message = story(told)
    assert story(streamed) == [message.content[0].content]
    assert (message.stop_reason, message.content[0].type) == ("compaction", "compaction")
    assert message.usage.output_tokens == 0
    assert [(i.type, i.output_tokens > 0) for i in message.usage.iterations] == [
        ("compaction", True)
    ]


def test_max_tokens_cut_a_tool_call_in_the_middle(story, ask):
    async def told(client, server):
        request = ask('tool=Read{"path": "a path of some length"};', tools=[READ], max_tokens=5)
        stream = await client.messages.create(**request, stream=True)
        return [event async for event in stream]

    events = story(told)
    raw = "".join(e.delta.partial_json for e in events if e.type == "content_block_delta")
    with pytest.raises(json.JSONDecodeError):
        json.loads(raw)
    assert events[-2].delta.stop_reason == "max_tokens"
    assert events[-2].usage.output_tokens <= 5


def test_a_stop_sequence_is_not_sent(story, ask):
    async def told(client, server):
        return await client.messages.create(
            **ask("answer=one two END three;", stop_sequences=["END"])
        )

    message = story(told)
    assert message.content[0].text == "one two "
    assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "END")


def test_count_tokens_counts_like_usage(story, ask):
    async def told(client, server):
        request = ask("Hello there.", tools=[READ], system="You are brief.")
        message = await client.messages.create(**request)
        del request["max_tokens"]
        return message.usage.input_tokens, await client.messages.count_tokens(**request)

    used, counted = story(told)
    assert counted.input_tokens == used > 40


def test_models_tell_what_they_can(story, sdk):
    async def told(client, server):
        names = [model.id async for model in client.models.list(limit=5)]
        model = await client.models.retrieve("claude-haiku-4-5-20251001")
        with pytest.raises(sdk.NotFoundError):
            await client.models.retrieve("claude-nobody")
        return names, model, await client.models.retrieve("standin-plain")

    names, model, plain = story(told)
    assert len(names) > 10
    assert len({*names}) == len(names)
    assert (model.id, model.max_input_tokens, model.lifecycle) == (
        "claude-haiku-4-5-20251001",
        200_000,
        "active",
    )
    assert model.capabilities.effort.xhigh.supported
    assert model.capabilities.thinking.types.adaptive.supported
    assert model.capabilities.context_management.compact_20260112.supported
    assert not plain.capabilities.structured_outputs.supported
    assert plain.capabilities.thinking.types.disabled.supported


def test_a_model_that_is_gone_answers_nobody(story, sdk, ask):
    async def told(client, server):
        for name in ("standin-retired", "nobody"):
            with pytest.raises(sdk.NotFoundError, match=f"model: {name}"):
                await client.messages.create(**ask("Hello.", model=name))

    story(told)


def test_usage_can_lie_and_be_missing(story, ask):
    async def told(client, server):
        lied = await client.messages.create(**ask('usage={"output_tokens": -7};'))
        none = await client.messages.create(**ask("usage=none;"))
        stream = await client.messages.create(**ask("usage=none;"), stream=True)
        assert not [event async for event in stream if "usage" in event.model_fields_set]
        return lied.usage, "usage" in none.model_fields_set, server.stats["usage"]

    usage, present, served = story(told)
    assert usage.output_tokens == -7
    assert usage.input_tokens > 0
    assert not present
    assert served["output_tokens"] == -7
