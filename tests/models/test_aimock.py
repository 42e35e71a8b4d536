"""Both providers against a server of somebody else's making, so that ours cannot be wrong with us.

It is an npm package: installed into a folder of the tests where node and npm are, else skipped.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from contextlib import aclosing

import pytest

from hocket.api.messages import (
    AnswerMode,
    Delta,
    Message,
    ProviderFailure,
    Stop,
    Text,
    ToolResult,
    ToolSpec,
    ToolUse,
    TurnRequest,
)
from hocket_plugins.models.anthropic.provider import AnthropicProvider
from hocket_plugins.models.anthropic.settings import AnthropicSection
from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
from hocket_plugins.models.openai_compatible.settings import OpenAiSection

PACKAGE = "@copilotkit/aimock@1.43.0"
KEYS = {"ANTHROPIC_API_KEY": "sk-nobody", "OPENAI_API_KEY": "sk-nobody"}
CALL = {"name": "Read", "arguments": {"path": "ü.py"}}


def failing(status, kind):
    return {"error": {"message": "no", "type": kind, "code": kind}, "status": status}


def says(word, response, **match):
    return {"match": {"userMessage": word, **match}, "response": response}


FIXTURES = [
    {"match": {"hasToolResult": True}, "response": {"content": "It is done."}},
    says("greet", {"content": "Grüße 🎶, a reply long enough for several pieces."}),
    says("look", {"toolCalls": [CALL]}),
    says("both", {"toolCalls": [CALL, {"name": "Read", "arguments": {"path": "b.py"}}]}),
    says("form", {"toolCalls": [{"name": "answer", "arguments": {"ok": True}}]}),
    says("answer", {"content": '{"ok": true}'}),
    says("slower", failing(429, "rate_limit_error")),
    says("busy", failing(529, "overloaded_error")),
    says("broken", failing(500, "api_error")),
    says("stranger", failing(401, "authentication_error")),
    says("wrong", failing(400, "invalid_request_error")),
]
READ = ToolSpec(
    name="Read",
    description="Reads a file.",
    input_schema={"type": "object", "properties": {"path": {"type": "string"}}},
)


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("aimock needs node and npm on PATH")
    home = tmp_path_factory.mktemp("aimock")
    install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), PACKAGE]
    ended = subprocess.run(install, cwd=home, capture_output=True, text=True, check=False)
    if ended.returncode:
        pytest.skip(f"npm could not install {PACKAGE}: {ended.stderr[-200:]}")
    (home / "fixtures.json").write_text(json.dumps({"fixtures": FIXTURES}))
    cli = home / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
    command = ["node", str(cli), "--port", "0", "--fixtures", str(home / "fixtures.json")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield address(process)
        process.terminate()


def address(process):
    """Read on until the server says where it is."""
    for line in process.stdout:
        if "http://" in line:
            return "http://" + line.partition("http://")[2].split()[0].rstrip("/.,")
    raise AssertionError("aimock ended without an address")


def anthropic(url):
    section = AnthropicSection(base_url=url, compat=True)
    return AnthropicProvider("anthropic", section, KEYS)


def openai(url):
    return OpenAiProvider(OpenAiSection(base_url=f"{url}/v1"), KEYS)


BOTH = pytest.mark.parametrize("make", [anthropic, openai])


def user(*blocks):
    said = tuple(Text(text=one) if isinstance(one, str) else one for one in blocks)
    return Message(role="user", blocks=said)


def request(*messages, **fields):
    return TurnRequest(model="gpt-4o", max_tokens=500, messages=messages, **fields)


async def asked(provider, one):
    async with aclosing(provider.turn(one)) as pieces:
        return [piece async for piece in pieces][-1].turn


def play(make, server, story):
    async def run():
        provider = make(server)
        try:
            async with asyncio.timeout(100):
                return await story(provider)
        finally:
            await provider.aclose()

    return asyncio.run(run())


@BOTH
def test_a_text(make, server):
    turn = play(make, server, lambda provider: asked(provider, request(user("greet me"))))
    assert turn.message.blocks == (Text(text=FIXTURES[1]["response"]["content"]),)
    assert turn.stop is Stop.END
    assert turn.usage.output > 0 or turn.usage.estimated


@BOTH
def test_a_tool_and_its_result(make, server):
    async def story(provider):
        first = await asked(provider, request(user("look"), tools=(READ,)))
        (use,) = first.message.blocks
        result = ToolResult(use_id=use.id, content=(Text(text="x"),))
        messages = (user("look"), first.message, user(result))
        return first.stop, use, await asked(provider, request(*messages, tools=(READ,)))

    stop, use, last = play(make, server, story)
    assert stop is Stop.TOOLS
    assert isinstance(use, ToolUse)
    assert json.loads(use.raw) == CALL["arguments"]
    assert last.message.blocks == (Text(text="It is done."),)


@BOTH
def test_an_answer_in_a_shape(make, server):
    mode = AnswerMode(kind="grammar", shape={"type": "object"})
    one = request(user("answer"), answer=mode)
    turn = play(make, server, lambda provider: asked(provider, one))
    assert json.loads(turn.message.blocks[0].text) == {"ok": True}


@BOTH
def test_a_text_comes_in_pieces(make, server):
    async def story(provider):
        async with aclosing(provider.turn(request(user("greet me")))) as pieces:
            return [piece async for piece in pieces if isinstance(piece, Delta)]

    deltas = play(make, server, story)
    assert len(deltas) > 1
    assert "".join(one.text for one in deltas) == FIXTURES[1]["response"]["content"]


@BOTH
def test_two_tools_in_one_turn_are_told_apart(make, server):
    one = request(user("both"), tools=(READ,))
    turn = play(make, server, lambda provider: asked(provider, one))
    assert turn.stop is Stop.TOOLS
    assert [json.loads(use.raw)["path"] for use in turn.message.blocks] == ["ü.py", "b.py"]
    assert len({use.id for use in turn.message.blocks}) == 2


@BOTH
def test_an_answer_by_a_tool(make, server):
    mode = AnswerMode(kind="tool", shape={"type": "object"})
    one = request(user("form"), answer=mode)
    turn = play(make, server, lambda provider: asked(provider, one))
    assert json.loads(turn.message.blocks[-1].raw) == {"ok": True}


@BOTH
def test_what_the_server_does_not_count_is_not_counted(make, server):
    assert play(make, server, lambda provider: provider.count(request(user("greet me")))) is None


@BOTH
@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("slower", "rate"),
        ("busy", "overloaded"),
        ("broken", "server"),
        ("stranger", "auth"),
        ("wrong", "bad_request"),
    ],
)
def test_a_failure(make, server, word, kind):
    async def story(provider):
        with pytest.raises(ProviderFailure) as caught:
            await asked(provider, request(user(word)))
        return caught.value

    assert play(make, server, story).kind == kind
