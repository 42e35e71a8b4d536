"""What can be known of Claude Code without its SDK: whether it could work, and its bound."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from hocket.api.calls import Bound, Call, EndState, Options
from hocket.api.messages import ProviderFailure
from hocket.api.settings import PluginSettings
from hocket.testing import ScriptedContext
from hocket_plugins.backends import claude_code
from hocket_plugins.backends.claude_code import options, reply, session
from hocket_plugins.backends.claude_code.backend import ClaudeCode
from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

HAS_SDK = find_spec("claude_agent_sdk") is not None
EXTRA = "the extra is not installed: pip install 'hocket[claude-code]'"


@pytest.fixture
def bin_(tmp_path):
    program = tmp_path / "claude"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return tmp_path


def call(**given):
    return Call(1, "k", 0, "Do it.", "label", options=Options(**given))


def test_hook_hocket_register_settings():
    (model,) = claude_code.hocket_register_settings()
    assert model.model_config["title"] == "claude_code"
    assert all(field.description for field in model.model_fields.values())
    with pytest.raises(ValidationError):
        model.model_validate({"cli": "x"})


@pytest.mark.parametrize(("who", "lacking"), [("user", True), ("project", False)])
def test_hook_hocket_register_backends(who, lacking):
    section = ClaudeCodeSection(cli_path="/no/such/program")
    origins = {"claude_code.cli_path": who}
    settings = PluginSettings(Path(), {"claude_code": section}, origins=origins)
    (backend,) = claude_code.hocket_register_backends(settings)
    assert backend.name == "claude_code"
    # A cloned project cannot name a program that is then started.
    assert (backend.lacks({}) is not None) is lacking
    assert claude_code.hocket_register_backends(PluginSettings(Path()))


def test_it_is_found_by_its_program_and_its_extra(bin_):
    backend, env = ClaudeCode(ClaudeCodeSection()), {"PATH": str(bin_)}
    assert backend.found({}) is None
    assert backend.lacks(env) is None
    found = backend.found(env)
    assert found == (
        "`claude` is on PATH; it counts for itself, so that budgets are soft" if HAS_SDK else None
    )
    assert backend.advice() == ("no `claude` is on PATH" if HAS_SDK else EXTRA)


def test_what_was_configured_and_is_missing_is_told(bin_):
    gone = ClaudeCode(ClaudeCodeSection(cli_path=str(bin_ / "gone")))
    assert gone.lacks({}) == "the program in [claude_code] cli_path is not there"
    here = ClaudeCode(ClaudeCodeSection(cli_path=str(bin_ / "claude")))
    assert here.lacks({}) == (None if HAS_SDK else EXTRA)
    assert (here.found({}) or "").startswith("cli_path is configured" if HAS_SDK else "")


def test_a_package_of_the_sdks_name_is_enough_to_be_found(bin_, monkeypatch):
    (bin_ / "claude_agent_sdk").mkdir()
    (bin_ / "claude_agent_sdk" / "__init__.py").write_text("raise ImportError('not imported')")
    monkeypatch.syspath_prepend(str(bin_))
    assert ClaudeCode(ClaudeCodeSection()).found({"PATH": str(bin_)}).startswith("`claude` is on")


@pytest.mark.parametrize(
    ("section", "given", "bound"),
    [
        ({}, {}, Bound(200_000, 2_000_000)),
        ({"max_turns": 2, "turn_tokens": 100, "call_usd": 0.5}, {}, Bound(200, 500_000)),
        ({}, {"max_tokens": 1_000}, Bound(1_000, 2_000_000)),
    ],
)
def test_a_call_is_reserved_by_turns_and_dollars(section, given, bound):
    assert ClaudeCode(ClaudeCodeSection(**section)).bound(call(**given)) == bound


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({}, "claude_missing: "),
        ({"agent_type": "reviewer"}, "claude_code: this backend has no agent types"),
        ({"tools": ("mcp__x__y",)}, "claude_code: this backend has no tool 'mcp__x__y'"),
    ],
)
def test_what_cannot_begin_is_an_error_with_its_name(bin_, monkeypatch, given, cause):
    if not HAS_SDK:
        (bin_ / "claude_agent_sdk.py").write_text("")
        monkeypatch.syspath_prepend(str(bin_))
    path = "" if not given else str(bin_)
    backend = ClaudeCode(ClaudeCodeSection(), {"PATH": path})
    outcome = asyncio.run(backend.run(call(**given), ScriptedContext()))
    assert outcome.state is EndState.ERROR
    assert outcome.cause.startswith(cause)
    asyncio.run(backend.aclose())


@pytest.mark.skipif(HAS_SDK, reason="the extra is installed")
def test_a_missing_extra_is_told(bin_):
    backend = ClaudeCode(ClaudeCodeSection(), {"PATH": str(bin_)})
    outcome = asyncio.run(backend.run(call(), ScriptedContext()))
    assert outcome.cause == f"claude_missing: {EXTRA}"


@pytest.mark.parametrize(
    ("wanted", "own", "model"),
    [
        (None, None, None),
        (None, "claude-x", "claude-x"),
        ("large", "claude-x", "opus"),
        ("anthropic/claude-y", None, "claude-y"),
    ],
)
def test_short_names_are_the_programs_own(wanted, own, model):
    assert options.model(call(model=wanted), ClaudeCodeSection(model=own)) == model


def test_secrets_that_are_not_for_it_are_emptied():
    env = {"OPENAI_API_KEY": "a", "DB_PASSWORD": "b", "AWS_SECRET_ACCESS_KEY": "c", "PATH": "d"}
    given = options.environment("call-1", None, env)
    assert (given["OPENAI_API_KEY"], given["DB_PASSWORD"]) == ("", "")
    assert not {"AWS_SECRET_ACCESS_KEY", "PATH", "HOME"} & given.keys()
    assert (given["HOCKET_CALL"], given["ENABLE_TOOL_SEARCH"]) == ("call-1", "false")


def test_tools_that_a_call_must_not_have_are_left_out():
    assert options.tools(call(tools=("Read", "Bash"), disallowed_tools=("Bash",))) == ["Read"]
    assert options.tools(call(tools=())) == []


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (402, "", "quota"),
        (403, "", "auth"),
        (429, "slow down", "rate"),
        (429, "5-hour limit reached", "quota"),
        (500, "", "server"),
        (529, "", "overloaded"),
        (404, "", "bad_request"),
        (None, "Credit balance is too low", "quota"),
        (None, "odd", "unknown"),
    ],
)
def test_what_a_failed_turn_was_about(status, said, kind):
    assert reply.failure(status, said).kind == kind


def test_a_result_that_says_nothing_is_read_all_the_same():
    said = reply.read(SimpleNamespace(subtype="success", usage=None), 0.0)
    assert (said.answer, said.usage.output, said.usage.cost_micros) == ("", 0, None)
    # An estimate that shrank is none: nothing is given back.
    assert reply.used(SimpleNamespace(total_cost_usd=0.1), 0.2).cost_micros == 0
    with pytest.raises(ProviderFailure):
        reply.read(SimpleNamespace(subtype="success", is_error=True), 0.0)


def test_an_error_nobody_knows_is_named_by_its_class():
    assert session.cause_of(KeyError("x")) == "claude_broke: KeyError"
