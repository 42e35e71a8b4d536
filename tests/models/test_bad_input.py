"""What a person can get wrong about a model, told by a whole run: key, name, server, tools."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hocket.launch.choosing import NO_PROVIDER
from hocket.testing import Stage, run_script

SCRIPT = '''"""A script."""
from hocket.script import args, attempt

meta = {"name": "case"}


async def main():
    said = await attempt(args["prompt"], tools=args["tools"])
    return [said["state"], said["cause"]]
'''


@pytest.fixture
def asked(hocket_project, hocket_standin, monkeypatch):
    """Run one call against the stand-in; the settings are the person's."""
    for name in [*os.environ]:
        if name.startswith(("ANTHROPIC_", "AWS_", "CLAUDE_", "OPENAI_", "HOCKET_LOCAL")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", hocket_standin.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody")

    def run(prompt="size=5;", tools=(), settings="", **choices):
        text = f'[openai]\nbase_url = "{hocket_standin.url}/v1"\n{settings}'
        Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(text, "utf-8")
        stage = Stage(choices={"backend": "agent_loop", **choices}, real_time=True)
        args = {"prompt": prompt, "tools": [*tools]}
        return run_script(SCRIPT, project=hocket_project, args=args, stage=stage)

    return run


def test_a_wrong_key_stops_the_run_and_not_one_call_after_the_other(asked):
    outcome = asked("fault=401;")
    assert (outcome.status, outcome.cause) == ("suspended", "auth")


@pytest.mark.parametrize(
    ("model", "cause", "told"),
    [
        ("claude-opsu-5", "bad_request: unknown_model", "it has claude-opus-5, "),
        (
            "openai/small",
            "bad_request: alias",
            "say it in configuration: [openai.aliases]",
        ),
        ("standin-retired", "bad_request: retired", "standin-retired is retired"),
    ],
)
def test_a_model_that_is_not_there_is_an_error_that_says_what_to_do(asked, model, cause, told):
    state, why = asked(model=model).result
    assert (state, why.partition(" (")[0]) == ("error", cause)
    assert told in why


@pytest.mark.parametrize("model", ["small", "medium", "large", "haiku", "sonnet", "opus"])
def test_every_tier_and_alias_is_found_in_the_list(asked, hocket_standin, model):
    assert asked(model=model).result == ["ok", None]
    (turn,) = hocket_standin.log
    sizes = {"small": "haiku", "medium": "sonnet", "large": "opus"}
    assert sizes.get(model, model) in turn.body["model"]


def test_configuration_goes_before_the_list(asked, hocket_standin):
    asked(model="small", settings='[anthropic.aliases]\nsmall = "standin-small"\n')
    (turn,) = hocket_standin.log
    assert turn.body["model"] == "standin-small"


def test_a_model_without_tools_refuses_a_call_that_needs_them_before_it_starts(
    asked, hocket_standin
):
    facts = "[openai.models.plain]\ntools = false\n"
    state, cause = asked(model="openai/plain", tools=["Read"], settings=facts).result
    assert state in {"refused", "error"}
    assert "tools" in cause
    assert hocket_standin.log == []
    assert asked(model="openai/plain", settings=facts).result == ["ok", None]


def test_the_card_of_a_run_says_why(asked):
    card = asked(model="standin").card
    assert card.because.startswith("it was named; ANTHROPIC_API_KEY is set (anthropic at 127.0.")
    assert NO_PROVIDER not in card.because
