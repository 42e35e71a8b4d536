"""Whatever comes back of a server is its words, and how it ended is said in our own."""

from __future__ import annotations

import pytest

from hocket.api.tools import Effect, Label

S = Label(outside=True, sources=frozenset({"s"}))
OURS = {
    "hi": "ok",
    "kind": "the server reported an error",
    "nonsense": "the server's reply cannot be used",
    "mute": "no answer in 1 s",
    "die": "the server failed",
}


@pytest.mark.parametrize("text", OURS)
def test_how_it_ended_is_said_without_a_word_of_the_server(desk, story, text):
    desk.pinned("s", timeout_s=1.0)

    async def what(run):
        output = await run.use("mcp__s__echo", text=text)
        assert (output.status, output.label) == (OURS[text], S)
        assert output.is_error is (text != "hi")

    story(what)


def test_a_tool_that_says_it_failed_has_that_status(desk, story):
    desk.full("s")
    desk.approved("s")

    async def what(run):
        output = await run.use("mcp__s__add", a="obey")
        assert (output.is_error, output.status) == (True, "the server reported an error")
        assert output.label == S

    story(what)


@pytest.mark.parametrize("text", ["born-dead", "unapproved"])
def test_a_server_that_never_comes_to_work_has_a_label_and_a_status(desk, story, text):
    desk.pinned("s", text)
    if text == "unapproved":
        listed = '[{"name": "obey", "inputSchema": {"type": "object"}}]'
        (desk.home / "s" / "tools.json").write_text(listed)

    async def what(run):
        output = await run.use("mcp__s__echo", text="hi")
        assert output.label == S
        ours = {
            "born-dead": "the server failed",
            "unapproved": "not used: the server may not be used",
        }
        assert output.status == ours[text]

    story(what)


@pytest.mark.parametrize("word", ["read_only", "read_outside", "outside_effect", "execute"])
def test_no_word_of_a_person_makes_a_servers_words_trusted(desk, story, word):
    """It says what the tool does, not that whoever fills the server can be believed."""
    desk.pinned("s", labels={"echo": [word]})

    async def what(run):
        tool = run.tools["mcp__s__echo"]
        effect = Effect.READ_OUTSIDE if word == "read_only" else Effect(word)
        assert tool.effects == {effect}
        for text in ("hi", "kind", "nonsense"):
            assert (await run.use("mcp__s__echo", text=text)).label == S

    story(what)
