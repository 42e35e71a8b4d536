"""Where Claude models live: why a place can work here, and what shares a rate limit."""

from __future__ import annotations

import json

import pytest

from hocket_plugins.models.anthropic import places
from hocket_plugins.models.anthropic.places import PLACES
from hocket_plugins.models.anthropic.provider import AnthropicProvider
from hocket_plugins.models.anthropic.settings import AnthropicSection

SECRET = "sk-secret-value"  # noqa: S105  it opens nothing


def provider(place, env=None, **section):
    return AnthropicProvider(place, AnthropicSection.model_validate(section), env or {})


@pytest.mark.parametrize(
    ("place", "env", "why"),
    [
        ("anthropic", {}, None),
        ("anthropic", {"ANTHROPIC_API_KEY": SECRET}, "ANTHROPIC_API_KEY is set"),
        ("anthropic", {"ANTHROPIC_API_KEY": ""}, None),
        ("anthropic", {"ANTHROPIC_AUTH_TOKEN": SECRET}, "ANTHROPIC_AUTH_TOKEN is set"),
        ("anthropic", {"ANTHROPIC_PROFILE": "work"}, "ANTHROPIC_PROFILE is set"),
        (
            "anthropic",
            {
                "ANTHROPIC_FEDERATION_RULE_ID": "r",
                "ANTHROPIC_ORGANIZATION_ID": "o",
                "ANTHROPIC_IDENTITY_TOKEN_FILE": "/t",
            },
            "a workload identity is set (ANTHROPIC_FEDERATION_RULE_ID)",
        ),
        ("anthropic", {"ANTHROPIC_FEDERATION_RULE_ID": "r"}, None),
        ("bedrock", {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "p"}, None),
        ("aws", {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a"}, None),
        ("aws", {"ANTHROPIC_AWS_API_KEY": SECRET}, "ANTHROPIC_AWS_API_KEY is set"),
        (
            "bedrock-mantle",
            {"ANTHROPIC_BEDROCK_MANTLE_BASE_URL": "http://x"},
            "ANTHROPIC_BEDROCK_MANTLE_BASE_URL is set",
        ),
        ("vertex", {"CLOUD_ML_REGION": "x", "GOOGLE_CLOUD_PROJECT": "p"}, None),
        ("google-cloud", {"GOOGLE_CLOUD_PROJECT": "p"}, None),
        ("foundry", {"ANTHROPIC_FOUNDRY_RESOURCE": "r"}, "ANTHROPIC_FOUNDRY_RESOURCE is set"),
        ("foundry", {"CLAUDE_CODE_USE_FOUNDRY": "1"}, "CLAUDE_CODE_USE_FOUNDRY is set"),
        ("foundry", {"CLAUDE_CODE_USE_FOUNDRY": "0"}, None),
        ("foundry", {"CLAUDE_CODE_USE_FOUNDRY": "False"}, None),
    ],
)
def test_a_place_is_found_only_when_it_was_asked_for(place, env, why):
    """A region or a bare cloud login is no wish to pay."""
    found = provider(place).found(env)
    assert found == why
    assert SECRET not in (found or "")


def test_an_address_in_configuration_is_a_wish_too():
    assert provider("anthropic", base_url="http://x").found({}) == "base_url is configured"
    assert provider("foundry", base_url="http://x").found({}) is None


@pytest.mark.parametrize(
    ("variable", "folder"),
    [
        ("ANTHROPIC_CONFIG_DIR", ""),
        ("HOME", ".config/anthropic"),
        ("APPDATA", "Anthropic"),
    ],
)
@pytest.mark.parametrize("active", [None, "work"])
def test_a_profile_on_disk_is_found(tmp_path, variable, folder, active):
    home = tmp_path / folder
    env = {variable: str(tmp_path)}
    assert provider("anthropic").found(env) is None
    (home / "configs").mkdir(parents=True)
    (home / "configs" / f"{active or 'default'}.json").write_text(json.dumps({"x": SECRET}))
    if active:
        (home / "active_config").write_text("work\n")
    assert provider("anthropic").found(env) == "a profile is active (anthropic/active_config)"


@pytest.mark.parametrize(
    ("place", "env", "module", "extra"),
    [
        ("bedrock", {"AWS_BEARER_TOKEN_BEDROCK": SECRET}, "boto3", "bedrock"),
        ("vertex", {"ANTHROPIC_VERTEX_PROJECT_ID": "p"}, "google.auth", "vertex"),
        ("google-cloud", {"ANTHROPIC_GOOGLE_CLOUD_PROJECT": "p"}, "google.auth", "vertex"),
    ],
)
def test_a_place_that_was_asked_for_says_what_is_not_installed(place, env, module, extra):
    one = provider(place)
    if places.lacking(place) is None:
        assert one.found(env)
        assert one.lacks(env) is None
        return
    assert one.found(env) is None
    assert one.lacks({}) is None
    assert one.lacks(env) == f"{module} is not installed: pip install 'hocket[{extra}]'"


def test_a_lane_is_provider_endpoint_account_and_family():
    env = {"ANTHROPIC_API_KEY": SECRET}
    lane = provider("anthropic", env).lane("claude-x")
    place, endpoint, account, family = lane.split("|")
    assert (place, endpoint, family) == ("anthropic", "api.anthropic.com", "claude-x")
    assert len(account) == 8
    assert SECRET not in lane
    assert provider("anthropic", env).lane("claude-x") == lane
    assert provider("anthropic", {"ANTHROPIC_API_KEY": "other"}).lane("claude-x") != lane
    assert provider("anthropic", {}).lane("m") == "anthropic|api.anthropic.com|default|m"


@pytest.mark.parametrize(
    ("place", "env", "section", "endpoint"),
    [
        ("anthropic", {}, {"base_url": "http://u:p@host:1/v1"}, "host:1"),
        ("anthropic", {"ANTHROPIC_BASE_URL": "http://env"}, {}, "env"),
        ("anthropic", {"AWS_REGION": "eu"}, {}, "api.anthropic.com"),
        ("bedrock", {"AWS_REGION": "eu"}, {}, "eu"),
        ("bedrock", {"AWS_DEFAULT_REGION": "us"}, {}, "us"),
        ("bedrock", {}, {"places": {"bedrock": {"region": "ap"}}}, "ap"),
        ("vertex", {"CLOUD_ML_REGION": "global"}, {}, "global"),
        ("foundry", {"ANTHROPIC_FOUNDRY_BASE_URL": "https://f"}, {}, "f"),
        ("google-cloud", {}, {}, "default"),
    ],
)
def test_an_endpoint_is_a_host_or_a_region(place, env, section, endpoint):
    assert provider(place, env, **section).lane("m").split("|")[1] == endpoint


def test_an_account_may_be_a_project():
    one = provider("vertex", {}, places={"vertex": {"project": "p"}})
    other = provider("vertex", {"ANTHROPIC_VERTEX_PROJECT_ID": "p"})
    assert one.lane("m") == other.lane("m")


def test_models_of_one_line_share_a_lane_once_the_line_is_known(claude, wire, says):
    wire.say(
        says.refused(200, {"id": "a", "line": "opus"}),
        says.refused(200, {"id": "b", "line": "opus"}),
    )

    async def story(provider):
        early = provider.lane("c")
        await provider.capabilities("a")
        await provider.capabilities("b")
        return early, provider.lane("a"), provider.lane("b"), provider.lane("c")

    early, one, other, late = claude.run(story, wire, models={})
    assert one == other
    assert one.endswith("|opus")
    assert early == late


def test_every_place_says_how_it_is_found():
    for place, found in PLACES.items():
        assert found.signs, place
        assert found.account, place
        assert not [name for name in found.signs if "REGION" in name]


@pytest.mark.parametrize("place", places.PLACES)
def test_what_to_set_is_a_variable_that_is_then_found(place):
    name = places.advice(place).removeprefix("to use it: set ")
    assert places.asked_for(place, {name: "1"}) == f"{name} is set"
