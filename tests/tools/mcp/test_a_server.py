"""A decent server: what is approved can be used, and comes back as what it is."""

from __future__ import annotations

import asyncio
import hashlib
import os

import pytest

from hocket.api.tools import Attachment, Effect, Label
from hocket_plugins.tools import mcp

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(scope="module")
def module_desk(desks, tmp_path_factory):
    """Give a person who approved the server; it sees a token of theirs."""
    os.environ["A_TOKEN"] = "a word"  # noqa: S105
    desk = desks(tmp_path_factory.mktemp("full"))
    desk.full(env=["A_TOKEN"])
    desk.approved("full")
    yield desk
    del os.environ["A_TOKEN"]


@pytest.fixture(scope="module")
def life(lives, module_desk):
    with lives(module_desk) as life:
        yield life


@pytest.fixture(autouse=True)
def _forgets(life):
    """Begin with a person who was not asked anything yet."""
    life.person.asked.clear()
    life.person.offered.clear()
    life.person.kept.clear()
    life.person.says = lambda _text, _options: None


def test_a_tool_gives_text_and_structured_content_once(life):
    output = life.use("mcp__full__add", a=2, b=3)
    assert '"total": 5' in output.text
    assert output.text.count("total") == 1
    assert output.label == Label(outside=True, sources=frozenset({"full"}))
    assert not output.is_error


def test_a_picture_is_attached(life):
    digest = hashlib.sha256(PNG).hexdigest()
    picture = life.use("mcp__full__picture")
    assert picture.text == "[no text]"
    assert picture.attachments == (Attachment("image/png", digest),)
    assert life.person.kept[digest] == PNG


def test_everything_a_result_can_hold(life):
    digest = hashlib.sha256(PNG).hexdigest()
    mixed = life.use("mcp__full__mixed")
    assert mixed.attachments == (Attachment("application/pdf", digest),)
    assert mixed.text.splitlines() == [
        "an unsafe text",
        "[image/png that is no base64]",
        f"[audio/wav, 28 bytes, kept as {digest}]",
        "[resource https://example.org/x: a link]",
        "[resource note://1]",
        "a note",
        "[resource file://2]",
    ]


def test_a_long_text_is_shown_in_part_and_kept_whole(life):
    text = life.text("mcp__full__long", size=50_000)
    assert len(text) < 16_200
    assert text.startswith("begin")
    assert text.endswith("end")
    (whole,) = life.person.kept.values()
    assert whole == b"begin" + b"x" * 50_000 + b"end"


def test_a_tool_that_raises_is_an_error_and_its_server_goes_on(life):
    assert life.trouble("mcp__full__fails") == "Error executing tool fails"
    assert "5" in life.text("mcp__full__add", a=2, b=3)
    assert len(life.desk.left()) == 1


def test_wrong_arguments_are_an_error(life):
    assert "error" in life.trouble("mcp__full__add", a="two").lower()


def test_steps_are_told(life):
    assert life.text("mcp__full__steps", pause=0.0) == "done"
    assert {"full steps: 1 of 4 step 1", "full steps: 4 of 4 step 4"} <= set(life.person.said)


def test_uses_at_the_same_time_share_one_server(life):
    async def many():
        async with asyncio.TaskGroup() as group:
            uses = [
                group.create_task(life.run.text("mcp__full__add", a=number, b=1))
                for number in range(8)
            ]
        return [use.result() for use in uses]

    texts = life.runner.run(many())
    assert all(f'"total": {number + 1}' in text for number, text in enumerate(texts))
    assert len(life.desk.left()) == 1


def test_it_sees_few_variables_and_those_a_person_named(life):
    lines = life.text("mcp__full__variables").splitlines()
    seen = {line.partition("=")[0] for line in lines} - {"LC_CTYPE"}
    assert seen == {"A_TOKEN", "HOCKET_CALL", "HOCKET_USE", "HOME", "PATH"}
    assert "A_TOKEN=a word" in lines
    assert f"HOCKET_CALL={life.desk.run_id}/mcp/full" in lines


def test_its_questions_go_to_a_person(life):
    life.person.says = lambda _text, _options: "Oslo"
    assert life.text("mcp__full__travel") == "off to Oslo"
    (question,) = life.person.asked
    assert question.startswith("The MCP server full asks: Which city?")
    assert life.person.offered == [()]


def test_with_nobody_there_its_questions_are_declined(life):
    assert "decline" in life.trouble("mcp__full__travel")
    assert len(life.person.asked) == 1


def test_effects_are_what_a_person_said(module_desk):
    settings = module_desk.servers["full"]
    settings["labels"] = {"add": ["read_only"], "long": ["outside_effect"]}
    settings["tools"] = ["add", "l*", "silent"]
    tools = {tool.name: tool for tool in mcp.hocket_register_tools(module_desk.settings())}
    assert {name: tool.effects for name, tool in tools.items()} == {
        "mcp__full__add": {Effect.READ_OUTSIDE},
        "mcp__full__long": {Effect.OUTSIDE_EFFECT},
        "mcp__full__silent": {Effect.READ_OUTSIDE, Effect.OUTSIDE_EFFECT},
    }
    add = tools["mcp__full__add"]
    assert add.shown({}) == "mcp__full__add"
    assert add.shown({"b": 2, "a": "ä"}) == 'mcp__full__add({"a": "ä", "b": 2})'
    assert add.description == "Adds two numbers."
    assert add.input_schema["required"] == ["a", "b"]
    assert add.lacks() is None
