"""What servers ask in the middle of a call, in the old era of the protocol."""

from __future__ import annotations

import asyncio
import json

import pytest

DECLINED = {"action": "decline"}


def form(*required, **properties):
    schema = {"type": "object", "properties": properties, "required": [*required]}
    return {"message": "Who\u202e are you?", "requestedSchema": schema}


def answers(*said):
    left = iter(said)
    return lambda _text, _options: next(left, None)


@pytest.mark.parametrize(
    ("question", "said", "result"),
    [
        (form("a", a={"type": "string", "title": "Name"}), ["Ada"], {"a": "Ada"}),
        (form("a", a={"type": "string"}), [""], None),
        (form("a", a={"type": "string"}), [None], None),
        (form(a={"type": "string"}), [""], {}),
        (form("a", a={"type": "integer"}), ["42"], {"a": 42}),
        (form("a", a={"type": "number"}), ["4.5"], {"a": 4.5}),
        (form("a", a={"type": "integer"}), ["many"], None),
        (form("a", a={"type": "boolean"}), ["true"], {"a": True}),
        (form("a", a={"type": "boolean"}), ["decline"], None),
        (form("a", a={"type": "string", "enum": ["x", "y"]}), ["y"], {"a": "y"}),
        (
            form("a", a={"type": "string", "oneOf": [{"const": "x", "title": "X"}]}),
            ["x"],
            {"a": "x"},
        ),
        (form("a", a={"type": "array", "items": {"enum": ["x"], "type": "string"}}), ["x"], None),
        (
            form("a", "b", a={"type": "string"}, b={"type": "string"}),
            ["1", "2"],
            {"a": "1", "b": "2"},
        ),
        (form("a", "b", a={"type": "string"}, b={"type": "string"}), ["1", None], None),
        (form(), ["accept"], {}),
        (form(), ["decline"], None),
        (form(**{f"f{number}": {"type": "string"} for number in range(30)}), ["x"] * 30, None),
    ],
)
def test_a_form_is_asked_field_by_field(desk, story, question, said, result):
    desk.pinned("s")

    async def what(run):
        run.person.says = answers(*said)
        told = json.loads(await run.text("mcp__s__echo", text="ask", question=question))
        content = {"content": result} if result is not None else {}
        action = "decline" if result is None else "accept"
        assert {key: told[key] for key in told if key != "_meta"} == {"action": action, **content}
        assert all("Who\\u202e are you?" in asked for asked in run.person.asked)

    story(what)


def test_options_stand_beside_no(desk, story):
    desk.pinned("s")

    async def what(run):
        run.person.says = answers("true", "x")
        fields = {"a": {"type": "boolean"}, "b": {"enum": ["x", "y"]}}
        await run.text("mcp__s__echo", text="ask", question=form(**fields))
        assert run.person.offered == [("true", "false", "decline"), ("x", "y", "decline")]

    story(what)


@pytest.mark.parametrize(("said", "action"), [("accept", "accept"), (None, "decline")])
def test_an_address_is_opened_by_the_person(desk, story, said, action):
    desk.pinned("s")
    question = {
        "mode": "url",
        "message": "Log in",
        "url": "https://example.org/login",
        "elicitationId": "1",
    }

    async def what(run):
        run.person.says = lambda _text, _options: said
        told = json.loads(await run.text("mcp__s__echo", text="ask", question=question))
        assert told["action"] == action
        assert "then accept: https://example.org/login" in run.person.asked[0]

    story(what)


def test_while_a_person_thinks_nothing_ends_the_use(desk, story):
    desk.pinned("s", timeout_s=0.3)

    async def what(run):
        thinks = asyncio.Event()
        asyncio.get_running_loop().call_later(0.9, thinks.set)
        plain = run.person.ask

        async def ask(text, options):
            await thinks.wait()
            return await plain(text, options)

        run.person.ask = ask
        run.person.says = lambda _text, _options: "Ada"
        question = form("a", a={"type": "string"})
        assert "Ada" in await run.text("mcp__s__echo", text="ask", question=question)

    story(what)


def test_of_two_uses_at_once_nobody_knows_who_is_asking(desk, story):
    desk.pinned("s", timeout_s=5.0)

    async def what(run):
        await run.text("mcp__s__echo", text="hi")
        async with asyncio.TaskGroup() as group:
            mute = group.create_task(run.use("mcp__s__echo", text="mute"))
            for _ in range(20):
                await asyncio.sleep(0)
            told = await run.text("mcp__s__echo", text="ask", question=form())
            mute.cancel()
        assert json.loads(told)["action"] == "decline"
        assert run.person.asked == []

    story(what)


@pytest.mark.parametrize("method", ["sampling/createMessage", "roots/list"])
def test_what_is_not_offered_is_refused(desk, story, method):
    desk.pinned("s")

    async def what(run):
        params = {"messages": [], "maxTokens": 5} if method.startswith("sampling") else {}
        text = await run.text("mcp__s__echo", text="ask", question=params, method=method)
        assert "not supported" in text

    story(what)
