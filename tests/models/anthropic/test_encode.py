"""What is sent: in which order, in the same bytes each time, with at most four marks."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.messages import (
    AnswerMode,
    CachePlan,
    Foreign,
    Media,
    Message,
    Text,
    Thinking,
    ToolResult,
    ToolSpec,
    ToolUse,
    TurnRequest,
)
from hocket_plugins.models.anthropic import encode, sheet
from hocket_plugins.models.anthropic.contents import Encoder
from hocket_plugins.models.anthropic.settings import ModelFacts

SHAPE = {"type": "object", "properties": {"b": {"type": "integer"}, "a": {"type": "string"}}}


def tool(name, description="does it"):
    return ToolSpec(name=name, description=description, input_schema={"type": "object"})


def facts(**given):
    return sheet.configured(ModelFacts(**given), prefix_cache=True)


PLAIN = facts()


def body(request, known=PLAIN, load=lambda _digest: None):
    return encode.body(request, known, Encoder("anthropic", load))


def sent(claude, *messages, **fields):
    return body(claude.request(messages=messages, **fields))["messages"]


def marks(request, known=PLAIN):
    """Where the marks are, by their path."""
    found = []

    def look(value, path):
        if isinstance(value, dict):
            if "cache_control" in value:
                found.append((path, value["cache_control"]))
            for key in value:
                look(value[key], f"{path}/{key}")
        elif isinstance(value, list):
            for at, one in enumerate(value):
                look(one, f"{path}/{at}")

    look(body(request, known), "")
    return found


def test_a_plain_request(claude):
    request = claude.request("Review it.", system=("You answer.", "", "Briefly."))
    assert body(request) == {
        "model": "m",
        "system": [{"type": "text", "text": "You answer."}, {"type": "text", "text": "Briefly."}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Review it."}]}],
        "max_tokens": 100,
        "stream": True,
    }


def test_tools_are_sorted_and_the_answer_is_last(claude):
    request = claude.request(
        tools=(tool("zip"), tool("Read")), answer=AnswerMode(kind="tool", shape=SHAPE)
    )
    tools = body(request)["tools"]
    assert [one["name"] for one in tools] == ["Read", "zip", "answer"]
    assert tools[-1]["input_schema"] == SHAPE
    assert list(tools[-1]["input_schema"]["properties"]) == ["b", "a"]


def test_an_answer_tool_of_the_loops_own_is_taken_and_still_last(claude):
    own = tool("answer", "mine")
    request = claude.request(tools=(own, tool("Read")), answer=AnswerMode(kind="tool", shape=SHAPE))
    assert [one["description"] for one in body(request)["tools"]] == ["does it", "mine"]


def test_every_way_to_ask_for_an_answer(claude):
    def asked(kind):
        return body(claude.request(answer=AnswerMode(kind=kind, shape=SHAPE)))

    assert asked("grammar")["output_config"] == {"format": {"type": "json_schema", "schema": SHAPE}}
    assert asked("tool")["tools"][0]["input_schema"] == SHAPE
    assert asked("generic")["tools"][0]["input_schema"] == {"type": "object"}
    assert "tools" not in asked("prompt")
    assert "output_config" not in asked("prompt")


def test_choosing_tools(claude):
    tools = (tool("Read"),)
    assert "tool_choice" not in body(claude.request(tools=tools))
    assert body(claude.request(tools=tools, tool_choice="none"))["tool_choice"] == {"type": "none"}
    forced = body(claude.request(tools=tools, tool_choice="Read"))["tool_choice"]
    assert forced == {"type": "tool", "name": "Read"}
    assert "tool_choice" not in body(claude.request(tool_choice="none"))


@pytest.mark.parametrize(
    ("known", "fields", "thinking"),
    [
        ({}, {}, None),
        ({"thinking": "adaptive"}, {}, {"type": "adaptive"}),
        ({"thinking": "adaptive"}, {"thinking": False}, {"type": "disabled"}),
        ({"thinking": "adaptive"}, {"tool_choice": "answer"}, {"type": "disabled"}),
        ({"thinking": "adaptive"}, {"tool_choice": "none"}, {"type": "adaptive"}),
        ({"thinking": "budget"}, {}, None),
        ({"thinking": "budget"}, {"effort": "low"}, None),
        (
            {"thinking": "budget"},
            {"effort": "high", "max_tokens": 40_000},
            {"type": "enabled", "budget_tokens": 16_384},
        ),
        (
            {"thinking": "budget"},
            {"effort": "max", "max_tokens": 8_000},
            {"type": "enabled", "budget_tokens": 4_000},
        ),
        ({"thinking": "budget"}, {"effort": "max", "max_tokens": 2_000}, None),
    ],
)
def test_thinking_in_the_models_own_terms(claude, known, fields, thinking):
    assert body(claude.request(**fields), facts(**known)).get("thinking") == thinking


@pytest.mark.parametrize(
    ("wanted", "offered", "given"),
    [
        ("high", (), None),
        (None, ("low", "high"), None),
        ("high", ("low", "medium", "high"), "high"),
        ("max", ("low", "medium", "high"), "high"),
        ("xhigh", ("low", "max"), "low"),
        ("low", ("medium", "high"), "medium"),
        ("extreme", ("low",), None),
    ],
)
def test_an_effort_a_model_lacks_becomes_the_next_below(claude, wanted, offered, given):
    said = body(claude.request(effort=wanted), facts(efforts=offered))
    assert said.get("output_config") == ({"effort": given} if given else None)


def test_four_marks_and_where(claude):
    messages = (
        claude.user("one"),
        claude.assistant(ToolUse(id="t", name="Read", raw="{}")),
        claude.user(ToolResult(use_id="t", content=(Text(text="r"),)), "and"),
        claude.assistant("so"),
        claude.user("two", "three"),
    )
    request = claude.request(
        messages=messages,
        system=("a", "b"),
        tools=(tool("B"), tool("A")),
        answer=AnswerMode(kind="tool", shape=SHAPE),
        cache=CachePlan(),
    )
    short = {"type": "ephemeral"}
    assert marks(request) == [
        ("/tools/1", short),
        ("/system/1", short),
        ("/messages/2/content/1", short),
        ("/messages/4/content/1", short),
    ]
    hour = request.model_copy(update={"cache": CachePlan(ttl="1h", tools=False, turns=False)})
    assert marks(hour) == [("/system/1", {"type": "ephemeral", "ttl": "1h"})]
    assert marks(request.model_copy(update={"cache": None})) == []
    assert marks(request, sheet.unknown("m", prefix_cache=False)) == []


def test_the_answer_tool_is_not_in_the_prefix_that_siblings_share(claude):
    request = claude.request(answer=AnswerMode(kind="tool", shape=SHAPE), cache=CachePlan())
    assert [path for path, _ in marks(request)] == ["/messages/0/content/0"]


def test_blocks_go_back_as_they_came(claude):
    image = Media(media_type="image/png", digest="d1")
    page = Media(media_type="application/pdf", digest="d2")
    messages = (
        claude.user("look", image, page, Media(media_type="image/png", digest="gone")),
        claude.assistant(
            Thinking(text="hm", signature="s"),
            Thinking(text="", signature="data", redacted=True),
            Thinking(text="another provider's"),
            Foreign(provider="openai", data={"x": 1}),
            Foreign(provider="anthropic", data={"type": "y"}),
            " \n",
            ToolUse(id="t", name="Read", raw='{"b": 1, "a": 2}'),
        ),
        claude.user(
            ToolResult(use_id="t", content=(Text(text="no such file"), image), is_error=True),
            ToolResult(use_id="u", content=(Text(text=""),)),
        ),
    )
    kept = {"d1": b"png", "d2": b"pdf"}
    user, assistant, results = body(claude.request(messages=messages), load=kept.get)["messages"]
    picture = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "cG5n"},
    }
    assert user["content"][1] == picture
    assert user["content"][2]["type"] == "document"
    assert base64.b64decode(user["content"][2]["source"]["data"]) == b"pdf"
    assert user["content"][3] == {"type": "text", "text": "[image/png: its content is not here]"}
    assert assistant["content"] == [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "redacted_thinking", "data": "data"},
        {"type": "y"},
        {"type": "tool_use", "id": "t", "name": "Read", "input": {"b": 1, "a": 2}},
    ]
    assert results["content"] == [
        {
            "type": "tool_result",
            "tool_use_id": "t",
            "content": [{"type": "text", "text": "no such file"}, picture],
            "is_error": True,
        },
        {"type": "tool_result", "tool_use_id": "u"},
    ]


def test_an_input_that_is_no_object_goes_back_as_what_it_was(claude):
    for raw in ('{"a": ', "[1]", "3", ""):
        use = ToolUse(id="t", name="Read", raw=raw)
        (message,) = sent(claude, claude.assistant(use))
        assert message["content"][0]["input"] == {"not_an_object": raw}


def test_a_message_of_which_nothing_is_left_is_dropped(claude):
    said = sent(claude, claude.user("a"), claude.assistant(""), claude.user("b"))
    assert [one["role"] for one in said] == ["user", "user"]


TEXTS = st.text(min_size=1, max_size=5)
BLOCKS = st.one_of(
    TEXTS.map(lambda text: Text(text=text)),
    TEXTS.map(lambda text: ToolUse(id="t", name="Read", raw=text)),
    TEXTS.map(lambda text: Thinking(text=text, signature=text)),
)
MESSAGES = st.lists(
    st.builds(
        Message,
        role=st.sampled_from(["user", "assistant"]),
        blocks=st.lists(BLOCKS, max_size=3).map(tuple),
    ),
    max_size=6,
)
REQUESTS = st.builds(
    TurnRequest,
    model=st.just("m"),
    max_tokens=st.just(10),
    system=st.lists(TEXTS, max_size=3).map(tuple),
    tools=st.permutations("abcd").map(lambda names: tuple(tool(name) for name in names)),
    messages=MESSAGES.map(tuple),
    cache=st.builds(CachePlan, tools=st.booleans(), system=st.booleans(), turns=st.booleans()),
)


@settings(max_examples=100, deadline=None, database=None)
@given(REQUESTS, st.randoms())
def test_equal_requests_give_equal_bytes_and_never_more_than_four_marks(request, shuffle):
    tools = list(request.tools)
    shuffle.shuffle(tools)
    again = request.model_copy(update={"tools": tuple(tools), "turn_id": "another"})
    kept = TurnRequest.model_validate_json(again.model_dump_json())
    assert json.dumps(body(request)) == json.dumps(body(again)) == json.dumps(body(kept))
    assert len(marks(request)) <= 4


@settings(max_examples=50, deadline=None, database=None)
@given(REQUESTS, TEXTS)
def test_nothing_but_the_last_message_differs_between_siblings(request, text):
    one = body(request.model_copy(update={"cache": None}))
    last = Message(role="user", blocks=(Text(text=f"x{text}"),))
    more = (*request.messages, last)
    other = body(request.model_copy(update={"cache": None, "messages": more, "turn_id": text}))
    assert other["messages"][:-1] == one["messages"]
    assert {**other, "messages": 0} == {**one, "messages": 0}


def test_a_body_goes_over_the_wire_as_it_was_encoded(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x")))))
    request = claude.request("grüße", tools=(tool("B"), tool("A")), cache=CachePlan())
    claude.run(lambda provider: claude.turn(provider, request), wire)
    (asked,) = wire.asked
    assert (asked.method, asked.path) == ("POST", "/v1/messages")
    assert asked.body == body(request)
    assert asked.headers["anthropic-version"]
    assert "anthropic-beta" not in asked.headers


def test_long_answers_need_no_other_way(claude, wire, says, reply):
    """The SDK refuses to wait for more than 21,333 tokens unless they are streamed."""
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x")))))
    claude.run(lambda provider: claude.turn(provider, claude.request(max_tokens=64_000)), wire)
    assert wire.asked[0].body["max_tokens"] == 64_000


def test_what_the_service_serves_stands_behind_our_tools_and_before_the_answer(claude):
    mode = AnswerMode(kind="tool", shape=SHAPE)
    request = claude.request(
        tools=(tool("b"), tool("a")),
        answer=mode,
        server_tools=("web_search", "unheard_of"),
        cache=CachePlan(),
    )
    tools = body(request)["tools"]
    assert [one["name"] for one in tools] == ["a", "b", "web_search", "answer"]
    assert tools[2] == {
        "type": "web_search_20250305",
        "name": "web_search",
        "max_uses": 5,
        "cache_control": {"type": "ephemeral"},
    }
    assert "cache_control" not in body(request.model_copy(update={"cache": None}))["tools"][2]
