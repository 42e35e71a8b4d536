"""What is sent to a chat completions server: in which order, in the same bytes each time."""

from __future__ import annotations

import pytest

from hocket.api.messages import (
    AnswerMode,
    Foreign,
    Media,
    Text,
    Thinking,
    ToolResult,
    ToolSpec,
    ToolUse,
)
from hocket_plugins.models.openai_compatible import encode
from hocket_plugins.models.openai_compatible.contents import Encoder
from hocket_plugins.models.openai_compatible.settings import ModelFacts, OpenAiSection

CLOSED = {
    "type": "object",
    "properties": {"b": {"type": "integer"}, "a": {"type": "string"}},
    "required": ["a", "b"],
    "additionalProperties": False,
}
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}}


def body(request, section=None, facts=None, load=lambda _digest: None):
    told = section or OpenAiSection()
    return encode.body(request, told, facts or ModelFacts(), "max_tokens", Encoder(load))


def sent(chat, *messages, **more):
    return body(chat.request(messages=messages), **more)["messages"]


def tool(name):
    return ToolSpec(name=name, description=f"does {name}", input_schema={"type": "object"})


def test_a_plain_request(chat):
    assert body(chat.request("Review it.", system=("You answer.", "", "Briefly."))) == {
        "model": "m",
        "max_tokens": 100,
        "stream_options": {"include_usage": True},
        "messages": [
            {"role": "system", "content": "You answer.\n\nBriefly."},
            {"role": "user", "content": "Review it."},
        ],
        "stream": True,
    }


def test_some_servers_do_not_want_to_be_asked_for_usage(chat):
    assert "stream_options" not in body(chat.request(), OpenAiSection(usage=False))


def test_tools_are_sorted_and_the_answer_is_last(chat):
    answer = AnswerMode(kind="tool", shape=OPEN)
    said = body(chat.request(tools=(tool("zip"), tool("Read")), answer=answer))
    names = [one["function"]["name"] for one in said["tools"]]
    assert names == ["Read", "zip", "answer"]
    assert said["tools"][2]["function"]["parameters"] == OPEN
    assert said["parallel_tool_calls"] is True
    single = body(chat.request(tools=(tool("a"),)), facts=ModelFacts(parallel_tools=False))
    assert "parallel_tool_calls" not in single


def test_choosing_tools(chat):
    tools = (tool("Read"),)
    assert "tool_choice" not in body(chat.request(tools=tools))
    assert body(chat.request(tools=tools, tool_choice="none"))["tool_choice"] == "none"
    forced = body(chat.request(tools=tools, tool_choice="Read"))["tool_choice"]
    assert forced == {"type": "function", "function": {"name": "Read"}}
    assert "tool_choice" not in body(chat.request(tool_choice="none"))


@pytest.mark.parametrize(("shape", "strict"), [(CLOSED, True), (OPEN, None)])
def test_a_grammar_is_strict_where_it_can_be(chat, shape, strict):
    answer = AnswerMode(kind="grammar", shape=shape)
    named = body(chat.request(answer=answer))["response_format"]["json_schema"]
    assert named["schema"] == shape
    assert named.get("strict") is strict


@pytest.mark.parametrize(
    ("shape", "strict"),
    [
        (CLOSED, True),
        ({"type": "array", "items": CLOSED}, True),
        ({"type": "array", "items": OPEN}, False),
        ({"anyOf": [CLOSED, OPEN]}, False),
        ({**CLOSED, "required": ["a"]}, False),
        ({"type": "object", "additionalProperties": False}, True),
        ({"type": "string"}, True),
    ],
)
def test_strict_means_that_every_object_is_closed_and_complete(shape, strict):
    assert encode.is_strict(shape) is strict


def test_other_ways_to_ask_for_an_answer(chat):
    generic = body(chat.request(answer=AnswerMode(kind="generic", shape=OPEN)))
    assert generic["tools"][0]["function"]["parameters"] == {"type": "object"}
    prompt = body(chat.request(answer=AnswerMode(kind="prompt", shape=OPEN)))
    assert not {"tools", "response_format"} & set(prompt)


@pytest.mark.parametrize(
    ("wanted", "offered", "given"),
    [
        ("high", (), None),
        (None, ("low",), None),
        ("high", ("low", "high"), "high"),
        ("max", ("minimal", "low", "medium"), "medium"),
        ("low", ("medium",), "medium"),
        ("minimal", ("minimal", "low"), "minimal"),
        ("extreme", ("low",), None),
    ],
)
def test_an_effort_a_model_lacks_becomes_the_next_below(chat, wanted, offered, given):
    said = body(chat.request(effort=wanted), facts=ModelFacts(efforts=offered))
    assert said.get("reasoning_effort") == given


def test_a_conversation_with_tools(chat):
    said = sent(
        chat,
        chat.user("look"),
        chat.assistant(
            Thinking(text="hm"),
            "I read.",
            ToolUse(id="t", name="Read", raw='{"b": 1, "a": 2}'),
            ToolUse(id="u", name="Read", raw='{"b": '),
            Foreign(provider="anthropic", data={"x": 1}),
        ),
        chat.user(
            ToolResult(use_id="t", content=(Text(text="one"), Text(text="two"))),
            ToolResult(use_id="u", content=(Text(text="no"),), is_error=True),
            ToolResult(use_id="v", content=()),
            "go on",
        ),
        chat.assistant(""),
    )
    arguments = ['{"b": 1, "a": 2}', '{"not_an_object": "{\\"b\\": "}']
    assert said == [
        {"role": "user", "content": "look"},
        {
            "role": "assistant",
            "content": "I read.",
            "tool_calls": [
                {
                    "id": use,
                    "type": "function",
                    "function": {"name": "Read", "arguments": given},
                }
                for use, given in zip("tu", arguments, strict=True)
            ],
        },
        {"role": "tool", "tool_call_id": "t", "content": "one\ntwo"},
        {"role": "tool", "tool_call_id": "u", "content": "Error: no"},
        {"role": "tool", "tool_call_id": "v", "content": "(nothing)"},
        {"role": "user", "content": "go on"},
    ]


def test_images_follow_their_result_and_other_media_is_named(chat):
    image, page = (
        Media(media_type="image/png", digest="d"),
        Media(media_type="application/pdf", digest="d"),
    )
    kept = {"d": b"png"}
    result = ToolResult(use_id="t", content=(image,))
    said = sent(chat, chat.user("a", page), chat.user(result, "b"), load=kept.get)
    assert said[0]["content"] == "a\n\n[application/pdf: its content is not here]"
    assert said[1]["content"] == "(an image follows)"
    assert said[2]["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        {"type": "text", "text": "b"},
    ]


def test_a_call_alone_has_no_text(chat):
    (said,) = sent(chat, chat.assistant(ToolUse(id="t", name="Read", raw="{}")))
    assert said["content"] is None


def test_equal_requests_give_equal_bytes(chat, wire, says, chunks):
    wire.say(says.stream(chunks.data(*chunks.text("x"), chunks.chunk(finish="stop"))))
    one = chat.request(tools=(tool("a"), tool("b")), turn_id="1")
    other = chat.request(tools=(tool("b"), tool("a")), turn_id="2")

    async def story(provider):
        await chat.turn(provider, one)
        await chat.turn(provider, other)

    chat.run(story, wire)
    assert wire.asked[0].raw == wire.asked[1].raw
