"""The chat-completions wire, read as a plain client reads it."""

from __future__ import annotations

import json

import pytest

PATH = "/v1/chat/completions"
READ = {
    "type": "function",
    "function": {"name": "Read", "parameters": {"properties": {"path": {"type": "string"}}}},
}


def events(response):
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def deltas(chunks):
    return [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]


@pytest.fixture
def post(plain, ask):
    """Ask once; give the response."""

    def send(prompt="Hello.", *, path=PATH, **more):
        async def told(client, server):
            return await client.post(path, json=ask(prompt, **more))

        return plain(told)

    return send


def test_a_whole_completion(post):
    body = post("think=40; answer=Paris;", path="/chat/completions").json()
    message = body["choices"][0]["message"]
    assert (body["object"], body["model"]) == ("chat.completion", "standin")
    assert (message["role"], message["content"]) == ("assistant", "Paris")
    assert len(message["reasoning_content"]) == 40
    assert body["choices"][0]["finish_reason"] == "stop"
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["completion_tokens_details"]["reasoning_tokens"] > 0


def test_a_streamed_completion_ends_with_its_usage(post):
    response = post("size=300;", stream=True, stream_options={"include_usage": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    chunks = events(response)
    assert len("".join(delta.get("content") or "" for delta in deltas(chunks))) == 300
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] > 70
    plain = events(post("size=300;", stream=True))
    assert not any("usage" in chunk for chunk in plain)


def test_streamed_tool_calls_are_put_together_by_index(post):
    prompt = 'think=20; tool=Read{"path": "é"}; tool=Read{"path": "b"};'
    chunks = events(post(prompt, tools=[READ], stream=True))
    calls: dict[int, dict] = {}
    for delta in deltas(chunks):
        for piece in delta.get("tool_calls", []):
            call = calls.setdefault(piece["index"], {"arguments": ""})
            call.setdefault("id", piece.get("id"))
            call["arguments"] += piece["function"]["arguments"]
    assert [json.loads(call["arguments"]) for call in calls.values()] == [
        {"path": "é"},
        {"path": "b"},
    ]
    assert len({call["id"] for call in calls.values()}) == 2
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert any("reasoning_content" in delta for delta in deltas(chunks))


def test_a_tool_loop(plain, ask):
    async def told(client, server):
        body = ask("tool=Read; answer=done", tools=[READ])
        first = (await client.post(PATH, json=body)).json()["choices"][0]["message"]
        call = first["tool_calls"][0]
        body["messages"] += [
            first,
            {"role": "tool", "tool_call_id": call["id"], "content": "the file"},
        ]
        return call, (await client.post(PATH, json=body)).json()["choices"][0]

    call, last = plain(told)
    assert json.loads(call["function"]["arguments"]) == {"path": "stand-in"}
    assert (last["finish_reason"], len(last["message"]["content"])) == ("stop", 200)


@pytest.mark.parametrize(
    ("choice", "finish"),
    [
        ("required", "tool_calls"),
        ("none", "stop"),
        ("auto", "stop"),
        ({"type": "function", "function": {"name": "Read"}}, "tool_calls"),
    ],
)
def test_the_choice_of_tools_is_obeyed(post, choice, finish):
    body = post(tools=[READ], tool_choice=choice).json()
    assert body["choices"][0]["finish_reason"] == finish


def test_a_response_format_gets_what_fits(post):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    shape = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    body = post(response_format=shape).json()
    assert json.loads(body["choices"][0]["message"]["content"]) == {"n": 0}


def test_blocks_of_the_other_wire_are_left_out(post):
    body = post("answer=Hello.; stop=pause_turn;", stream=True)
    assert "".join(delta.get("content") or "" for delta in deltas(events(body))) == "Hello."


@pytest.mark.parametrize(
    ("orders", "more", "finish"),
    [
        ("size=900;", {"max_tokens": 10}, "length"),
        ("size=900;", {"max_completion_tokens": 10}, "length"),
        ("stop=refusal;", {}, "content_filter"),
        ("answer=a END b;", {"stop": "END"}, "stop"),
        ("answer=a END b;", {"stop": ["X", "END"]}, "stop"),
    ],
)
def test_finish_reasons(post, orders, more, finish):
    choice = post(orders, **more).json()["choices"][0]
    assert choice["finish_reason"] == finish
    assert "END" not in choice["message"]["content"]


def test_the_prompt_includes_what_was_cached(plain, ask):
    async def told(client, server):
        body, seen = ask("x" * 8_000), []
        for _ in range(2):
            usage = (await client.post(PATH, json=body)).json()["usage"]
            seen.append((usage["prompt_tokens"], usage["prompt_tokens_details"]["cached_tokens"]))
        return seen, server.stats["usage"]["prompt_tokens"]

    seen, total = plain(told)
    size = seen[0][0]
    assert seen == [(size, 0), (size, size)]
    assert size > 2_000
    assert total == 2 * size


def test_models_are_listed_in_the_words_of_this_wire(plain):
    async def told(client, server):
        del client.headers["anthropic-version"]
        return [(await client.get(path)).json() for path in ("/v1/models", "/models")]

    first, second = plain(told)
    assert first == second
    assert first["object"] == "list"
    assert {"id": "standin", "object": "model"}.items() <= first["data"][0].items()


def test_no_name_of_a_model_is_refused_here(post):
    assert post(model="llama-of-somebody").json()["model"] == "llama-of-somebody"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("429", 429, None), ("429quota", 429, "insufficient_quota"), ("503", 503, None)],
)
def test_errors_have_the_form_of_this_wire(plain, ask, kind, status, code):
    async def told(client, server):
        for name in ("x-api-key", "anthropic-version"):
            del client.headers[name]
        return await client.post(PATH, json=ask(f"fault={kind};"))

    response = plain(told)
    assert response.status_code == status
    assert set(response.json()) == {"error"}
    assert response.json()["error"]["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"role": "user", "content": "x"}]},
        {"model": "m", "messages": []},
        {"model": "m", "messages": [{"role": "robot", "content": "x"}]},
        {"model": "m", "messages": [{"role": "tool", "tool_call_id": "a", "content": "x"}]},
        {
            "model": "m",
            "messages": [
                {"role": "assistant", "tool_calls": [{"id": "a"}]},
                {"role": "user", "content": "x"},
            ],
        },
    ],
)
def test_a_conversation_without_sense_is_refused(plain, body):
    async def told(client, server):
        return await client.post(PATH, json=body)

    assert plain(told).status_code == 400


@pytest.mark.parametrize("kind", ["sseerror", "nostop", "badjson", "oddblock"])
def test_streams_break_here_too(post, kind):
    text = post(f"size=400; fault={kind};", stream=True).text
    ended, broken = "[DONE]" in text, []
    for line in text.split("\n\n"):
        try:
            json.loads(line.removeprefix("data: ").removeprefix("[DONE]") or "0")
        except ValueError:
            broken.append(line)
    assert ended == (kind in {"badjson", "oddblock"})
    assert len(broken) == (kind == "badjson")
    assert ("Overloaded" in text) == (kind == "sseerror")
    assert ("novelty" in text) == (kind == "oddblock")
