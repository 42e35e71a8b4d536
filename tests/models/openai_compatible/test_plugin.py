"""The plugin as hocket sees it, the models of a server, and what is read from the environment."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from hocket.api.messages import Capabilities, ProviderFailure
from hocket.api.settings import PluginSettings
from hocket_plugins.models import openai_compatible
from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
from hocket_plugins.models.openai_compatible.settings import ModelFacts, OpenAiSection


def test_hook_hocket_register_settings():
    (model,) = openai_compatible.hocket_register_settings()
    assert model.model_config["title"] == "openai"


def test_hook_hocket_register_models():
    section = OpenAiSection(base_url="http://here:1/v1")
    settings = PluginSettings(Path(), {"openai": section})
    provider, local = openai_compatible.hocket_register_models(settings)
    assert (provider.name, local.name) == ("openai", "local")
    assert provider.lane("m").split("|")[1] == "here:1"
    assert openai_compatible.hocket_register_models(PluginSettings(Path()))


@pytest.mark.parametrize(("who", "account"), [("project", "default"), ("user", "4f0d9f1b")])
def test_a_key_does_not_go_to_an_address_that_a_project_brought(monkeypatch, who, account):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody")
    section = OpenAiSection(base_url="http://here:1/v1")
    origins = {"openai.base_url": who}
    settings = PluginSettings(Path(), {"openai": section}, origins=origins)
    provider, _ = openai_compatible.hocket_register_models(settings)
    assert (provider.lane("m").split("|")[2] == "default") is (account == "default")


def test_finding_out_what_there_is_imports_no_client():
    code = """
import sys
from pathlib import Path
from hocket.api.settings import PluginSettings
from hocket_plugins.models import openai_compatible
openai_compatible.hocket_register_settings()
for one in openai_compatible.hocket_register_models(PluginSettings(Path())):
    one.found({"OPENAI_API_KEY": "k"}), one.lacks({}), one.lane("m")
print([name for name in ("anthropic", "httpx2", "aiohttp", "openai") if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


def test_a_turn_imports_no_sdk():
    code = """
import asyncio, sys
from hocket.api.messages import Message, ProviderFailure, Text, TurnRequest
from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
from hocket_plugins.models.openai_compatible.settings import OpenAiSection
async def main():
    one = OpenAiProvider(OpenAiSection(base_url="http://127.0.0.1:9"), {})
    said = Message(role="user", blocks=(Text(text="x"),))
    try:
        async for _ in one.turn(TurnRequest(model="m", max_tokens=1, messages=(said,))):
            pass
    except ProviderFailure as failure:
        print(failure.kind)
    await one.aclose()
asyncio.run(main())
print([name for name in ("anthropic", "aiohttp", "openai") if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("network\n[]\n", "")


@pytest.mark.parametrize("model", [OpenAiSection, ModelFacts])
def test_every_setting_is_documented(model):
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("wrong", [{"url": "x"}, {"models": {"m": {"window": 0}}}, {"limit": "n"}])
def test_a_wrong_section_is_refused(wrong):
    with pytest.raises(ValidationError):
        OpenAiSection.model_validate(wrong)


@pytest.mark.parametrize(
    ("env", "section", "why"),
    [
        ({}, {}, None),
        ({"OPENAI_API_KEY": ""}, {}, None),
        ({"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "u"}, {}, "OPENAI_API_KEY is set"),
        ({"OPENAI_BASE_URL": "u"}, {}, "OPENAI_BASE_URL is set"),
        ({}, {"base_url": "u"}, "base_url is configured"),
    ],
)
def test_why_it_can_work_here(env, section, why):
    provider = OpenAiProvider(OpenAiSection(**section), env)
    assert provider.found(env) == why
    assert provider.lacks(env) is None


def test_a_lane_shows_no_key():
    lane = OpenAiProvider(OpenAiSection(), {"OPENAI_API_KEY": "sk-secret"}).lane("m")
    place, host, account, model = lane.split("|")
    assert (place, host, model) == ("openai", "api.openai.com", "m")
    assert len(account) == 8
    assert "secret" not in lane
    assert OpenAiProvider(OpenAiSection(), {}).lane("m").split("|")[2] == "default"


def test_a_key_is_sent_where_there_is_one(chat, wire, says, chunks):
    wire.say(says.stream(chunks.data(chunks.chunk(finish="stop"))))
    chat.run(chat.turn, wire)
    assert "authorization" not in wire.asked[-1].headers
    chat.run(chat.turn, wire, {"OPENAI_API_KEY": "k"})
    assert wire.asked[-1].headers["authorization"] == "Bearer k"
    extra = {"headers": {"api-key": "z"}, "query": {"api-version": "2026-01-01"}}
    chat.run(chat.turn, wire, **extra)
    assert wire.asked[-1].headers["api-key"] == "z"
    assert wire.asked[-1].path == "/v1/chat/completions?api-version=2026-01-01"


@pytest.mark.parametrize(
    ("limit", "key"),
    [("auto", "max_tokens"), ("max_completion_tokens", "max_completion_tokens")],
)
def test_what_the_limit_of_output_is_called(chat, wire, says, chunks, limit, key):
    wire.say(says.stream(chunks.data(chunks.chunk(finish="stop"))))
    chat.run(chat.turn, wire, limit=limit)
    assert wire.asked[0].body[key] == 100


def asking(chat, wire, says, *entries, **section):
    wire.say(says.refused(200, {"object": "list", "data": list(entries)}))
    return chat.run(lambda provider: provider.capabilities("m"), wire, **section)


@pytest.mark.parametrize(
    ("entry", "window"),
    [
        ({"id": "m", "max_model_len": 4096}, 4096),
        ({"id": "m", "context_length": 131072}, 131072),
        ({"id": "m", "context_window": 8192}, 8192),
        ({"id": "m", "max_context_length": 16384}, 16384),
        ({"id": "m", "meta": {"n_ctx": 2048}}, 2048),
        ({"id": "m"}, 32_768),
        ({"id": "n", "max_model_len": 4096}, 32_768),
    ],
)
def test_a_window_is_what_the_server_says(chat, wire, says, entry, window):
    said = asking(chat, wire, says, entry)
    assert said.window == window
    assert bool(said.notes) is (window == 32_768)


def test_what_a_person_wrote_goes_before_what_the_server_says(chat, wire, says):
    facts = {"window": 100, "max_output": 5, "efforts": ["low"], "grammar": False, "tools": False}
    entry = {"id": "m", "max_model_len": 4096}
    assert asking(chat, wire, says, entry, models={"m": facts}) == Capabilities(
        window=100,
        max_output=5,
        efforts=("low",),
        thinking=True,
        answers=("prompt",),
        tools=False,
        parallel_tools=False,
        prefix_cache="automatic",
    )
    assert wire.asked == []


def test_siblings_that_start_together_ask_once(chat, wire, says):
    wire.say(says.refused(200, {"data": []}))

    async def story(provider):
        async with asyncio.TaskGroup() as group:
            for name in "abc":
                group.create_task(provider.capabilities(name))

    chat.run(story, wire)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(("status", "kind"), [(404, None), (418, None), (401, "auth")])
def test_a_server_without_a_list_is_one_of_which_nothing_is_known(chat, wire, says, status, kind):
    wire.say(says.refused(status, {}))

    async def story(provider):
        try:
            return (await provider.capabilities("m")).window
        except ProviderFailure as failure:
            return failure.kind

    assert chat.run(story, wire) == (kind or 32_768)


FAMILY = [
    {"id": "gpt-5", "created": 1},
    {"id": "gpt-6", "created": 3},
    {"id": "gpt-6-2026-01-01", "created": 4},
    {"id": "gpt-6-mini", "created": 3},
    {"id": "gpt-5.5-mini", "created": 2},
    {"id": "gpt-5-nano", "created": 1},
    {"id": "gpt-realtime", "created": 9},
]
TWO = [{"id": "one"}, {"id": "two"}]


@pytest.mark.parametrize(
    ("alias", "entries", "model"),
    [
        ("gpt-x", [], "gpt-x"),
        ("opus", [], "mine"),
        ("large", [{"id": "only"}], "only"),
        ("large", FAMILY, "gpt-6"),
        ("medium", FAMILY, "gpt-6-mini"),
        ("sonnet", FAMILY[:2], "gpt-6"),
        ("small", FAMILY, "gpt-5-nano"),
        ("haiku", FAMILY[:4], "gpt-6-mini"),
        ("large", FAMILY[3:], None),
        ("large", TWO, None),
        ("large", [], None),
    ],
)
def test_what_a_short_name_means(chat, wire, says, alias, entries, model):
    wire.say(says.refused(200, {"data": entries}))

    async def story(provider):
        try:
            return await provider.resolve(alias)
        except ProviderFailure as failure:
            assert failure.code == "alias"  # noqa: PT017
            assert f'[openai.aliases] {alias} = "…"' in failure.raw  # noqa: PT017
            assert all(one["id"] in failure.raw for one in entries)  # noqa: PT017
            return None

    assert chat.run(story, wire, aliases={"opus": "mine"}) == model


@pytest.mark.parametrize(
    ("model", "names", "told"),
    [
        ("gpt-6-mni", ["gpt-6-mini", "x"], "no model 'gpt-6-mni'; it has gpt-6-mini"),
        ("zzz", ["a", "b"], "no model 'zzz'; it has a, b"),
        ("a", ["a", "b"], None),
        ("zzz", [], None),
    ],
)
def test_a_model_the_server_does_not_have_is_told_with_the_nearest(
    chat, wire, says, model, names, told
):
    refused = {"error": {"code": "model_not_found", "message": "no such model"}}
    listed = {"data": [{"id": name} for name in names]}
    wire.say(says.refused(200, listed), says.refused(404, refused))

    async def story(provider):
        await provider.capabilities(model)
        return await chat.failure(provider, chat.request(model=model))

    failure = chat.run(story, wire)
    code = "unknown_model" if told else "model_not_found"
    assert (failure.kind, failure.code) == ("bad_request", code)
    assert (told or "no such model") in failure.raw


def test_nothing_counts_here(chat, wire):
    assert chat.run(lambda provider: provider.count(chat.request()), wire) is None
    assert chat.run(lambda provider: provider.fits_grammar({"type": "string"}), wire) is True


def test_it_can_be_warmed_closed_and_used_again(chat, wire, says, chunks):
    wire.say(says.stream(chunks.data(chunks.chunk(finish="stop"))))

    async def story(provider):
        await provider.warm()
        await provider.aclose()
        await provider.aclose()
        await chat.turn(provider)

    chat.run(story, wire)
