"""What models can do, and what short names mean: asked for, or configured, never known by heart."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.messages import Capabilities, ProviderFailure

YES, NO = {"supported": True}, {"supported": False}


def entry(name="claude-x", line="opus", state="active", **more):
    return {
        "type": "model",
        "id": name,
        "display_name": name,
        "lifecycle": state,
        "line": line,
        "retires_at": "2026-05-01T00:00:00Z" if state == "deprecated" else None,
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
        "capabilities": {
            "batch": YES,
            "structured_outputs": YES,
            "effort": {"supported": True, "low": YES, "medium": YES, "high": YES, "max": NO},
            "server_tools": {"supported": True, "web_search": YES, "code_execution": NO},
            "thinking": {"supported": True, "types": {"adaptive": YES, "disabled": YES}},
        },
        **more,
    }


def failing(asked):
    """Make a story of a request that fails."""

    async def story(provider):
        with pytest.raises(ProviderFailure) as caught:
            await asked(provider)
        return caught.value

    return story


def asking(claude, wire, says, body, status=200, **section):
    """Ask for the capabilities of claude-x."""
    wire.say(says.refused(status, body))
    section.setdefault("models", {})
    return claude.run(lambda provider: provider.capabilities("claude-x"), wire, **section)


def test_a_model_can_what_the_service_says(claude, wire, says):
    assert asking(claude, wire, says, entry()) == Capabilities(
        window=200_000,
        max_output=64_000,
        efforts=("low", "medium", "high"),
        thinking=True,
        answers=("grammar", "tool", "prompt"),
        server_tools=("web_search",),
        prefix_cache="explicit",
        prefix_minimum=1_024,
        batches=True,
    )
    assert [one.path for one in wire.asked] == ["/v1/models/claude-x"]


@pytest.mark.parametrize("body", [{"id": "claude-x"}, {"id": "claude-x", "capabilities": None}])
def test_what_the_service_does_not_say_is_not_assumed(claude, wire, says, body):
    said = asking(claude, wire, says, body)
    assert (said.window, said.max_output, said.thinking) == (32_768, 8_192, False)
    assert (said.efforts, said.answers) == ((), ("tool", "prompt"))


@pytest.mark.parametrize(
    ("status", "body"), [(404, {"error": {"type": "not_found_error"}}), (200, {}), (418, b"tea")]
)
def test_a_model_nobody_knows_gets_a_small_window_and_a_warning(claude, wire, says, status, body):
    said = asking(claude, wire, says, body, status)
    assert said.window == 32_768
    assert said.notes[0].startswith("nothing is known about claude-x")


def test_it_is_asked_once_per_model(claude, wire, says, reply):
    wire.say(says.refused(200, entry()), says.stream(says.sse(*reply.whole(reply.text("x")))))

    async def story(provider):
        for _ in range(3):
            await provider.capabilities("claude-x")
        for _ in range(2):
            await claude.turn(provider, claude.request(model="claude-x", effort="max"))

    claude.run(story, wire, models={})
    assert [one.method for one in wire.asked] == ["GET", "POST", "POST"]
    assert wire.asked[1].body["output_config"] == {"effort": "high"}
    assert wire.asked[1].body["thinking"] == {"type": "adaptive"}


def test_siblings_that_start_together_ask_once(claude, wire, says):
    wire.say(says.refused(200, entry()))

    async def story(provider):
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(provider.capabilities("claude-x"))

    claude.run(story, wire, models={})
    assert len(wire.asked) == 1


def test_a_service_that_cannot_be_asked_says_so(claude, wire, says):
    wire.say(says.refused(529, {"error": {"type": "overloaded_error"}}))
    failure = claude.run(claude.failure, wire, models={})
    assert failure.kind == "overloaded"


def test_a_deprecated_model_works_and_is_noted(claude, wire, says):
    said = asking(claude, wire, says, entry(state="deprecated"))
    (note,) = said.notes
    assert "deprecated" in note
    assert "2026-05-01" in note
    assert "`opus`" in note


def test_a_retired_model_is_refused_with_its_successor_and_without_a_request(claude, wire, says):
    wire.say(says.refused(200, entry(state="retired")))

    async def story(provider):
        return await claude.failure(provider, claude.request(model="claude-x"))

    failure = claude.run(story, wire, models={})
    assert (failure.kind, failure.code) == ("bad_request", "retired")
    assert "`opus`" in failure.raw
    assert [one.method for one in wire.asked] == ["GET"]


def test_what_a_person_wrote_goes_before_what_the_service_says(claude, wire, says):
    facts = {
        "window": 1000,
        "max_output": 10,
        "efforts": ["high", "low"],
        "thinking": "budget",
        "grammar": True,
        "prefix_minimum": 5,
    }
    said = asking(claude, wire, says, entry(), models={"claude-x": facts})
    assert said == Capabilities(
        window=1000,
        max_output=10,
        efforts=("low", "high"),
        thinking=True,
        answers=("grammar", "tool", "prompt"),
        prefix_cache="explicit",
        prefix_minimum=5,
    )
    assert wire.asked == []


def test_another_services_messages_are_plain(claude, wire, says, reply):
    wire.say(says.stream(says.sse(*reply.whole(reply.text("x")))))

    async def story(provider):
        request = claude.request(model="glm", effort="high")
        assert await provider.count(request) is None
        await claude.turn(provider, request)
        return await provider.capabilities("glm")

    said = claude.run(story, wire, models={}, compat=True, prefix_cache=False)
    assert (said.prefix_cache, said.thinking) == ("none", False)
    assert [one.path for one in wire.asked] == ["/v1/messages"]
    assert set(wire.asked[0].body) == {"model", "messages", "max_tokens", "stream"}


def test_what_another_service_has_is_switched_on(claude, wire, says):
    wire.say(says.refused(200, entry("glm")), says.refused(200, {"input_tokens": 12}))

    async def story(provider):
        return await provider.count(claude.request(model="glm"))

    switched = {"compat": True, "count_tokens": True, "model_list": True, "models": {}}
    assert claude.run(story, wire, **switched) == 12
    assert [one.path for one in wire.asked] == ["/v1/models/glm", "/v1/messages/count_tokens"]


def test_counting_is_one_request_and_only_when_asked(claude, wire, says):
    wire.say(says.refused(200, {"input_tokens": 42}))
    request = claude.request(system=("s",))
    assert claude.run(lambda provider: provider.count(request), wire) == 42
    (asked,) = wire.asked
    assert asked.path == "/v1/messages/count_tokens"
    assert set(asked.body) == {"model", "system", "messages"}


def test_counting_fails_like_a_turn(claude, wire, says):
    wire.say(says.refused(429, {"error": {"type": "rate_limit_error"}}))

    assert (
        claude.run(failing(lambda provider: provider.count(claude.request())), wire).kind == "rate"
    )


LIST = {
    "data": [
        entry("claude-opus-9", "opus"),
        entry("claude-opus-8", "opus"),
        entry("claude-sonnet-7", "sonnet", "deprecated"),
        entry("claude-sonnet-6", "sonnet"),
        entry("claude-odd-sonnet", None),
        entry("claude-haiku-3", "haiku"),
    ],
    "has_more": False,
}


@pytest.mark.parametrize(
    ("alias", "model"),
    [
        ("opus", "claude-opus-9"),
        ("large", "claude-opus-9"),
        ("medium", "claude-sonnet-6"),
        ("small", "claude-haiku-3"),
        ("haiku", "claude-haiku-3"),
        ("claude-opus-8", "claude-opus-8"),
        ("my-model", "my-model"),
    ],
)
def test_a_short_name_is_the_newest_active_model_of_its_line(claude, wire, says, alias, model):
    wire.say(says.refused(200, LIST))

    async def story(provider):
        return await provider.resolve(alias), await provider.resolve(alias)

    assert claude.run(story, wire) == (model, model)
    assert len(wire.asked) == (0 if alias == model else 1)


@pytest.mark.parametrize(
    ("alias", "line"), [("small", "haiku"), ("sonnet", "sonnet"), ("claude-opus-4-1", "")]
)
def test_the_line_of_a_short_name_is_known_without_asking(claude, alias, line):
    assert claude.provider(None).line(alias) == line


def test_configuration_goes_before_the_list_and_a_place_before_the_rest(claude, wire):
    section = {
        "aliases": {"opus": "mine", "small": "tiny"},
        "places": {"bedrock": {"aliases": {"opus": "anthropic.opus-v1"}}},
    }

    async def story(provider):
        cloud = claude.provider(None, "bedrock", **section)
        names = [await provider.resolve("opus"), await cloud.resolve("opus")]
        return [*names, await cloud.resolve("small")]

    assert claude.run(story, wire, **section) == ["mine", "anthropic.opus-v1", "tiny"]
    assert wire.asked == []


@pytest.mark.parametrize("place", ["bedrock", "vertex", "foundry"])
def test_where_no_list_is_a_short_name_has_to_be_configured(claude, wire, place):
    failure = claude.run(failing(lambda provider: provider.resolve("sonnet")), wire, place)
    assert (failure.kind, failure.code) == ("bad_request", "alias")
    hint = f'say it in configuration: [anthropic.places.{place}.aliases] sonnet = "…"'
    assert failure.raw.endswith(hint)


def test_a_short_name_that_no_listed_model_has_says_so(claude, wire, says):
    wire.say(says.refused(200, {"data": [entry("x", None)]}))

    failure = claude.run(failing(lambda provider: provider.resolve("fable")), wire)
    hint = "anthropic has no list of models that says which one 'fable' is; "
    assert failure.raw == f'{hint}say it in configuration: [anthropic.aliases] fable = "…"'


NOBODY = {"type": "error", "error": {"type": "not_found_error", "message": "model: x"}}


@pytest.mark.parametrize(
    ("model", "near"),
    [
        ("claude-opsu-9", "claude-opus-9, claude-opus-8"),
        ("gpt-4o", "claude-opus-9, claude-opus-8, claude-sonnet-7"),
    ],
)
def test_a_model_the_service_does_not_know_is_refused_with_the_nearest(
    claude, wire, says, model, near
):
    wire.say(says.refused(404, NOBODY), says.refused(200, LIST))
    story = failing(lambda provider: provider.capabilities(model))
    failure = claude.run(story, wire, models={})
    assert (failure.kind, failure.code) == ("bad_request", "unknown_model")
    assert failure.raw.startswith(f"anthropic has no model '{model}'; it has {near[:26]}")
    assert len(wire.asked) == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"data": []}), (404, NOBODY), (200, {"data": [entry("claude-x", "opus")]})],
)
def test_a_list_that_does_not_help_lets_the_turn_find_out(claude, wire, says, status, body):
    wire.say(says.refused(404, NOBODY), says.refused(status, body))
    said = claude.run(lambda provider: provider.capabilities("claude-x"), wire, models={})
    assert said.window == 32_768


@pytest.mark.parametrize(
    ("shape", "fits"),
    [
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string"}},
                "additionalProperties": False,
            },
            True,
        ),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, False),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "integer", "minimum": 1}},
                "additionalProperties": False,
            },
            False,
        ),
        ({"oneOf": [{"type": "null"}]}, False),
        ({}, False),
        ({"type": "nonsense"}, False),
        ({"type": "array", "items": 3}, False),
    ],
)
def test_a_grammar_holds_only_what_the_sdk_would_leave_as_it_is(claude, wire, shape, fits):
    before = repr(shape)
    assert claude.run(lambda provider: provider.fits_grammar(shape), wire) is fits
    assert repr(shape) == before
