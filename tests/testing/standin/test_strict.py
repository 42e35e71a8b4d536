"""What the real server refuses, ours refuses: 400, with the place in the message."""

from __future__ import annotations

import pytest

TEXT = {"type": "text", "text": "Hello."}
TOOL = {"name": "Read", "input_schema": {"type": "object"}}
USE = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}
MARK = {"cache_control": {"type": "ephemeral"}}
HOUR = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
THINK = {"thinking": {"type": "enabled", "budget_tokens": 1_024}}


def user(*blocks):
    return {"role": "user", "content": list(blocks)}


def model(*blocks):
    return {"role": "assistant", "content": list(blocks)}


def said(*messages):
    return {"messages": list(messages)}


def shape(**schema):
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def closed(**properties):
    return {"type": "object", "properties": properties, "additionalProperties": False}


REFUSED = {
    "no max_tokens": ({"max_tokens": None}, "max_tokens: Field required"),
    "max_tokens as text": ({"max_tokens": "9"}, "max_tokens: Input should be a valid integer"),
    "more than the model has": ({"max_tokens": 64_001}, "max_tokens: 64001 > 64000, which is"),
    "a warm-up that streams": ({"max_tokens": 0, "stream": True}, "max_tokens: 0 is not allowed"),
    "no model": ({"model": None}, "model: Field required"),
    "an unknown parameter": ({"max_token": 5}, "max_token: Extra inputs are not permitted"),
    "a beta parameter": ({"context_management": {}}, "context_management: Extra inputs"),
    "hot": ({"temperature": 1.5}, "temperature: range: 0..1"),
    "no messages": (said(), "at least one message is required"),
    "an unknown role": (said({"role": "tool", "content": "x"}), "messages.0.role: Input should"),
    "assistant first": (said(model(TEXT), user(TEXT)), "first message must use"),
    "assistant last": (said(user(TEXT), model(TEXT)), "does not support assistant message prefill"),
    "no content": (said({"role": "user"}), "messages.0.content: Field required"),
    "empty content": (said({"role": "user", "content": ""}), "must have non-empty content"),
    "empty text": (said(user({"type": "text", "text": ""})), "must contain non-whitespace text"),
    "blank text": (said(user({"type": "text", "text": " \n"})), "messages.0.content.0: text"),
    "empty system": ({"system": [{"type": "text", "text": ""}]}, "system.0: text content blocks"),
    "a block without type": (said(user({"text": "x"})), "messages.0.content.0: Input should"),
    "an orphan result": (said(user(RESULT)), "messages.0.content.0: unexpected `tool_use_id`"),
    "a result too late": (
        said(user(TEXT), model(USE), user(RESULT), user(RESULT)),
        "messages.3.content.0: unexpected `tool_use_id`",
    ),
    "a use without result": (
        said(user(TEXT), model(USE), user(TEXT)),
        "messages.1: `tool_use` ids",
    ),
    "one of two results": (
        said(user(TEXT), model(USE, {**USE, "id": "toolu_2"}), user(RESULT)),
        "immediately after: toolu_2",
    ),
    "a use at the end": (
        {"model": "standin-plain", **said(user(TEXT), model(USE))},
        "messages.1: `tool_use` ids without",
    ),
    "a result after text": (said(user(TEXT), model(USE), user(TEXT, RESULT)), "must come first"),
    "two results": (
        said(user(TEXT), model(USE), user(RESULT, RESULT)),
        "must have a single result",
    ),
    "an id twice": (said(user(TEXT), model(USE, USE), user(RESULT)), "ids must be unique"),
    "an id again": (
        said(user(TEXT), model(USE), user(RESULT), model(USE), user(RESULT)),
        "messages.3: `tool_use` ids must be unique",
    ),
    "input as text": (
        said(user(TEXT), model({**USE, "input": "{}"}), user(RESULT)),
        "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
    ),
    "a forged thought": (
        said(
            user(TEXT), model({"type": "thinking", "thinking": "x", "signature": "y"}), user(TEXT)
        ),
        "messages.1.content.0: Invalid `signature` in `thinking` block",
    ),
    "a forged sealed thought": (
        said(user(TEXT), model({"type": "redacted_thinking", "data": "eA==.y"}), user(TEXT)),
        "messages.1.content.0: Invalid `data`",
    ),
    "a sealed thought that is noise": (
        said(user(TEXT), model({"type": "redacted_thinking", "data": "!"}), user(TEXT)),
        "messages.1.content.0: Invalid `data`",
    ),
    "a mark on a thought": (
        said(user(TEXT), model({"type": "thinking", "thinking": "x", **MARK}), user(TEXT)),
        "thinking.cache_control: Extra inputs",
    ),
    "five marks": (
        {**said(user(*[{**TEXT, **MARK}] * 4)), "system": [{**TEXT, **MARK}]},
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    "four marks and one for all": (
        {**said(user(*[{**TEXT, **MARK}] * 4)), **MARK},
        "A maximum of 4 blocks",
    ),
    "an hour after five minutes": (
        {**said(user({**TEXT, **HOUR})), "system": [{**TEXT, **MARK}]},
        "a ttl='1h' cache_control block must not come after",
    ),
    "a mark of two hours": (
        said(user({**TEXT, "cache_control": {"type": "ephemeral", "ttl": "2h"}})),
        "cache_control: Input should be",
    ),
    "tools of one name": ({"tools": [TOOL, TOOL]}, "tools: Tool names must be unique."),
    "a tool with a blank": ({"tools": [{**TOOL, "name": "a b"}]}, "tools.0.custom.name: String"),
    "a tool without schema": ({"tools": [{"name": "Read"}]}, "input_schema: Field required"),
    "a tool of text": (
        {"tools": [{"name": "Read", "input_schema": {"type": "string"}}]},
        "tools.0.custom.input_schema.type: Input should be 'object'",
    ),
    "a choice without tools": ({"tool_choice": {"type": "auto"}}, "tool_choice may only be"),
    "an unknown choice": (
        {"tools": [TOOL], "tool_choice": {"type": "x"}},
        "tool_choice: Input tag",
    ),
    "a choice of no tool": (
        {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "Edit"}},
        "Tool 'Edit' not found in provided tools",
    ),
    "a forced tool with thinking": (
        {"tools": [TOOL], "tool_choice": {"type": "any"}, **THINK},
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
    "warm thinking": ({"temperature": 0.5, **THINK}, "`temperature` may only be set to 1"),
    "a small thought": (
        {"thinking": {"type": "enabled", "budget_tokens": 1_023}},
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ),
    "a thought over the limit": (
        {"thinking": {"type": "enabled", "budget_tokens": 4_000}},
        "`max_tokens` must be greater than `thinking.budget_tokens`.",
    ),
    "an unknown way to think": ({"thinking": {"type": "deep"}}, "thinking: Input tag 'deep'"),
    "an unknown effort": ({"output_config": {"effort": "huge"}}, "output_config.effort: Input"),
    "an unknown format": (
        {"output_config": {"format": {"type": "x"}}},
        "format.type: Input should",
    ),
    "no schema": (
        {"output_config": {"format": {"type": "json_schema"}}},
        "output_config.format.schema: Input should be a valid dictionary",
    ),
    "an open object": (shape(type="object"), "'additionalProperties' must be set to false"),
    "a bound": (
        shape(**closed(n={"type": "integer", "minimum": 1})),
        "schema.properties.n: For 'integer' type, property 'minimum' is not supported",
    ),
    "many items": (
        shape(**closed(n={"type": "array", "items": {"type": "null"}, "minItems": 2})),
        "'minItems' values other than 0 or 1",
    ),
    "an unknown string format": (
        shape(**closed(n={"anyOf": [{"type": "string", "format": "color"}]})),
        "schema.properties.n.anyOf.0: For 'string' type, format 'color'",
    ),
    "a reference to elsewhere": (
        shape(**closed(n={"type": "array", "items": {"$ref": "https://x.example/y"}})),
        "schema.properties.n.items: external $ref is not supported",
    ),
    "a bound in a definition": (
        shape(**closed(), **{"$defs": {"N": {"type": "number", "maximum": 1}}}),
        "schema.$defs.N: For 'number' type",
    ),
    "a bound in a strict tool": (
        {"tools": [{**TOOL, "strict": True, "input_schema": {"type": "object"}}]},
        "tools.0.custom.input_schema: For 'object' type",
    ),
    "too much for the window": (
        said(user({"type": "text", "text": "x" * 800_004})),
        "too long: 200001",
    ),
    "plain and thinking": ({"model": "standin-plain", **THINK}, "does not support thinking"),
    "plain and shaped": (
        {"model": "standin-plain", **shape(**closed())},
        "does not support output",
    ),
    "plain and eager": (
        {"model": "standin-plain", "output_config": {"effort": "low"}},
        "output_config.effort",
    ),
}
TAKEN = {
    "all at once": {
        "system": [{**TEXT, **HOUR}],
        "tools": [TOOL, {"type": "web_search_20250305", "name": "web_search"}],
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        "metadata": {"user_id": "u"},
        "stop_sequences": ["END"],
        "temperature": 0.2,
        **said(user({**TEXT, **MARK}), model(USE), user(RESULT, TEXT)),
    },
    "users in a row": said(user(TEXT), user(TEXT)),
    "a system message": said(user(TEXT), {"role": "system", "content": "Be brief."}, user(TEXT)),
    "prefill where it is known": {"model": "standin-plain", **said(user(TEXT), model(TEXT))},
    "an empty prefill": {"model": "standin-plain", **said(user(TEXT), model())},
    "a warm-up": {"max_tokens": 0},
    "thinking and a choice": {"tools": [TOOL], "tool_choice": {"type": "none"}, **THINK},
    "a whole schema": shape(
        **closed(
            a={"type": "string", "format": "date"},
            b={"type": "array", "items": {"$ref": "#/$defs/N"}, "minItems": 1},
            c={"anyOf": [{"type": "null"}, {"enum": [1, 2]}]},
        ),
        **{"$defs": {"N": {"type": "number", "description": "A number."}}},
    ),
    "as long as the window": said(user({"type": "text", "text": "x" * 800_000})),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_reason(plain, ask, name):
    change, reason = REFUSED[name]

    async def told(client, server):
        body = {key: v for key, v in (ask("Hello.") | change).items() if v is not None}
        return await client.post("/v1/messages", json=body), server.stats["requests"]

    response, requests = plain(told)
    error = response.json()["error"]
    assert (response.status_code, error["type"]) == (400, "invalid_request_error"), error
    assert reason in error["message"]
    assert requests == 0


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_taken(plain, ask, name):
    async def told(client, server):
        return await client.post("/v1/messages", json=ask("Hello.") | TAKEN[name])

    response = plain(told)
    assert response.status_code == 200, response.text


def test_a_request_names_its_key_and_its_version(plain, ask):
    async def told(client, server):
        answers = []
        for name in ("x-api-key", "anthropic-version"):
            kept = client.headers.pop(name)
            answers.append(await client.post("/v1/messages", json=ask("Hello.")))
            client.headers[name] = kept
        return [(a.status_code, a.json()["error"]["type"]) for a in answers]

    assert plain(told) == [(401, "authentication_error"), (400, "invalid_request_error")]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(plain, body):
    async def told(client, server):
        return await client.post("/v1/messages", content=body)

    answer = plain(told)
    assert (answer.status_code, answer.json()["type"]) == (400, "error")


def test_a_body_over_the_limit_is_too_large(plain):
    async def told(client, server):
        return await client.post("/v1/messages", content=b" " * (32 * 1024 * 1024 + 1))

    assert plain(told).json()["error"]["type"] == "request_too_large"


def test_a_path_that_leads_nowhere_is_not_found(plain):
    async def told(client, server):
        return [(await client.get(path)).status_code for path in ("/", "/v1/nothing", "/__nothing")]

    assert plain(told) == [404, 404, 404]
