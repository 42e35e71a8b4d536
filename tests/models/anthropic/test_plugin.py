"""The plugin as hocket sees it: light, with one section, and true to what the SDK must not do."""

from __future__ import annotations

import asyncio
import inspect
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from hocket.api.settings import PluginSettings
from hocket_plugins.models import anthropic
from hocket_plugins.models.anthropic.clients import connect
from hocket_plugins.models.anthropic.settings import AnthropicSection, ModelFacts, PlaceSection

NAMES = ["anthropic", "bedrock", "bedrock-mantle", "aws", "vertex", "google-cloud", "foundry"]


def test_hook_hocket_register_settings():
    (model,) = anthropic.hocket_register_settings()
    assert model.model_config["title"] == "anthropic"


def test_hook_hocket_register_models():
    providers = anthropic.hocket_register_models(PluginSettings(Path()))
    assert [one.name for one in providers] == NAMES


def test_the_section_reaches_the_providers():
    section = AnthropicSection(base_url="http://here:1")
    settings = PluginSettings(Path(), {"anthropic": section})
    first, *_ = anthropic.hocket_register_models(settings)
    assert first.lane("m").split("|")[1] == "here:1"


def test_finding_out_what_there_is_imports_no_sdk():
    code = """
import sys
from pathlib import Path
from hocket.api.settings import PluginSettings
from hocket_plugins.models import anthropic
anthropic.hocket_register_settings()
for one in anthropic.hocket_register_models(PluginSettings(Path())):
    one.found({"ANTHROPIC_API_KEY": "k"}), one.lacks({}), one.lane("m")
print([name for name in ("anthropic", "httpx2", "aiohttp", "openai") if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_ulr": "x"},
        {"places": {"azure": {}}},
        {"places": {"vertex": {"zone": "x"}}},
        {"models": {"m": {"window": 0}}},
        {"transport": "curl"},
        {"timeout_s": 0},
    ],
)
def test_a_wrong_section_is_refused(wrong):
    with pytest.raises(ValidationError):
        AnthropicSection.model_validate(wrong)


@pytest.mark.parametrize("model", [AnthropicSection, PlaceSection, ModelFacts])
def test_every_setting_is_documented(model):
    assert all(field.description for field in model.model_fields.values())


def sources():
    return {
        path.name: path.read_text("utf-8") for path in Path(anthropic.__file__).parent.glob("*.py")
    }


@pytest.mark.parametrize("word", ["tool_runner", "agent_toolset", ".beta", "thread=", "print("])
def test_what_the_sdk_offers_beside_messages_is_not_used(word):
    """Its tool runner keeps conversations on the server, its tools leave processes behind."""
    assert not [name for name, text in sources().items() if word in text]


def test_a_turn_is_an_async_generator_that_can_be_closed():
    (first, *_) = anthropic.hocket_register_models(PluginSettings(Path()))
    assert inspect.isasyncgenfunction(first.turn)


@pytest.mark.parametrize("place", NAMES)
def test_every_client_tries_once_and_traces_nothing(claude, monkeypatch, place):
    monkeypatch.setenv("ANTHROPIC_FOUNDRY_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_AWS_API_KEY", "k")
    here = {"base_url": "http://127.0.0.1:9", "region": "eu", "project": "p"}
    section = AnthropicSection.model_validate({"headers": {"x-team": "a"}, "places": {place: here}})

    async def made():
        client = await asyncio.to_thread(connect, place, section)
        try:
            assert client.max_retries == 0
            assert str(client.base_url).startswith("http://127.0.0.1:9")
            assert client.timeout.read == 600
            assert client.timeout.connect == 30
        finally:
            await client.close()

    asyncio.run(made())
    assert logging.getLogger("anthropic").handlers


def test_a_cloud_without_an_address_of_its_own_gets_the_clouds(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_FOUNDRY_API_KEY", "k")
    section = AnthropicSection.model_validate({"places": {"foundry": {"project": "res"}}})

    async def made():
        client = await asyncio.to_thread(connect, "foundry", section)
        try:
            return str(client.base_url)
        finally:
            await client.close()

    assert asyncio.run(made()) == "https://res.services.ai.azure.com/anthropic/"


def test_headers_of_the_person_are_sent(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x")))))
    claude.run(claude.turn, wire, headers={"x-team": "blue"})
    assert wire.asked[0].headers["x-team"] == "blue"
    assert wire.asked[0].headers["authorization"] == "Bearer sk-nobody"
