"""Every way to fail has its kind, and no exception but one leaves a provider."""

from __future__ import annotations

import asyncio
import builtins

import aiohttp
import anthropic
import httpx2
import pytest
from anthropic.lib.credentials import WorkloadIdentityError

from hocket.api.messages import ProviderFailure
from hocket_plugins.models.anthropic import failures

KINDS = {
    "rate",
    "overloaded",
    "server",
    "network",
    "cut",
    "quota",
    "auth",
    "context_full",
    "bad_request",
    "unknown",
}


def error(kind, message="words of the service", code=None):
    details = {"details": {"error_code": code}} if code else {}
    return {"type": "error", "error": {"type": kind, "message": message, **details}}


ROWS = [
    (429, error("rate_limit_error"), "rate"),
    (429, error("rate_limit_error", code="ramp_limit_exceeded"), "rate"),
    (529, error("overloaded_error"), "overloaded"),
    (500, error("overloaded_error"), "overloaded"),
    (500, error("api_error"), "server"),
    (502, "<html>", "server"),
    (503, error("api_error", code="cmek_context_unavailable"), "server"),
    (504, error("timeout_error"), "server"),
    (408, error("timeout_error"), "server"),
    (409, error("conflict_error"), "server"),
    (429, error("rate_limit_error", code="enforced_spend_limit_reached"), "quota"),
    (429, error("rate_limit_error", code="contract_spend_limit_reached"), "quota"),
    (402, error("billing_error"), "quota"),
    (402, error("invalid_request_error"), "quota"),
    (400, error("invalid_request_error", code="organization_on_hold"), "quota"),
    (400, error("billing_error"), "quota"),
    (401, error("authentication_error"), "auth"),
    (403, error("permission_error"), "auth"),
    (403, {}, "auth"),
    (
        400,
        error("invalid_request_error", "prompt is too long: 210000 tokens > 200000"),
        "context_full",
    ),
    (
        400,
        error(
            "invalid_request_error",
            "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
        ),
        "context_full",
    ),
    (400, {"message": "Input is too long: context window exceeded"}, "context_full"),
    (400, error("invalid_request_error", "tools.0.name: required"), "bad_request"),
    (404, error("not_found_error"), "bad_request"),
    (413, error("request_too_large"), "bad_request"),
    (422, {}, "bad_request"),
    (418, error("teapot_error"), "unknown"),
    (451, "nothing", "unknown"),
]


@pytest.mark.parametrize(("status", "body", "kind"), ROWS)
def test_an_answer_with_a_status_has_its_kind_and_was_asked_for_once(
    claude, wire, says, status, body, kind
):
    raw = body.encode() if isinstance(body, str) else body
    wire.say(says.refused(status, raw))
    failure = claude.run(claude.failure, wire)
    assert failure.kind == kind
    assert failure.code
    assert len(wire.asked) == 1
    words = body if isinstance(body, str) else body.get("error", body).get("message", "")
    assert words in failure.raw


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (error("overloaded_error"), "overloaded"),
        (error("rate_limit_error"), "rate"),
        (error("api_error"), "server"),
        (error("rate_limit_error", code="enforced_spend_limit_reached"), "quota"),
        (error("invalid_request_error", "prompt is too long"), "context_full"),
        (error("error_of_tomorrow"), "unknown"),
    ],
)
def test_an_error_event_after_status_200_counts_by_its_type(claude, wire, says, reply, body, kind):
    half = says.sse(reply.start(), *reply.text("half"))
    for before in (half, b""):
        wire.say(says.stream(before + says.sse(body)))
        failure = claude.run(claude.failure, wire)
        assert failure.kind == kind
        assert failure.code in {body["error"]["type"], "enforced_spend_limit_reached"}


@pytest.mark.parametrize(
    ("status", "body", "word", "kind"),
    [
        (500, error("api_error"), "false", "bad_request"),
        (429, error("rate_limit_error"), "false", "bad_request"),
        (400, error("invalid_request_error"), "true", "server"),
        (429, error("rate_limit_error"), "true", "rate"),
        (429, error("x", code="enforced_spend_limit_reached"), "true", "quota"),
        (402, error("billing_error"), "true", "quota"),
        (400, error("invalid_request_error", "prompt is too long"), "true", "context_full"),
    ],
)
def test_the_services_own_word_on_another_try_goes_before_the_status(status, body, word, kind):
    assert failures.told(status, body, {"x-should-retry": word}).kind == kind


def test_a_page_instead_of_a_stream_is_kept_for_a_person(claude, wire, says):
    wire.say(says.refused(200, b"<html>Please log in" + b"!" * 9_000, content_type="text/html"))
    failure = claude.run(claude.failure, wire)
    assert failure.kind == "unknown"
    assert failure.raw.startswith("<html>Please log in")
    assert len(failure.raw) == 2_000


def test_a_wait_of_900_seconds_is_told_and_not_slept(claude, wire, says):
    wire.say(says.refused(429, error("rate_limit_error"), retry_after="900"))

    async def story(provider):
        async with asyncio.timeout(5):
            return await claude.failure(provider)

    failure = claude.run(story, wire)
    assert failure.retry_after_s == 900
    assert len(wire.asked) == 1


def test_a_limit_that_is_used_up_says_when_it_is_full_again(claude, wire, says):
    wire.say(
        says.refused(
            429,
            error("rate_limit_error"),
            anthropic_ratelimit_requests_remaining="0",
            anthropic_ratelimit_requests_reset="2026-01-01T00:01:00Z",
            anthropic_ratelimit_tokens_remaining="500",
            anthropic_ratelimit_tokens_reset="2026-01-01T09:00:00Z",
        )
    )
    assert claude.run(claude.failure, wire).resets_at_ms == 1_767_225_660_000


def test_without_a_key_it_says_so_before_any_request(claude, wire, says, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    wire.say(says.refused(500, {}))
    failure = claude.run(claude.failure, wire)
    assert failure.kind == "auth"
    assert "authentication method" in failure.raw
    assert wire.asked == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("bedrock", "region"),
        ("aws", "region"),
        ("vertex", "region"),
        ("foundry", "credentials"),
    ],
)
def test_a_cloud_without_its_settings_says_what_is_missing(claude, wire, place, words):
    failure = claude.run(claude.failure, wire, place, base_url=None)
    assert failure.kind == "auth"
    assert words in failure.raw.lower()


def test_a_server_that_is_silent_for_too_long_is_a_matter_of_the_network(claude, wire, says):
    wire.say(says.Answer([b""], "hang"))
    failure = claude.run(claude.failure, wire, timeout_s=0.5)
    assert failure.kind == "network"


def test_a_stream_that_falls_silent_is_cut(claude, wire, says, reply):
    wire.say(says.pieces(says.sse(reply.start()), last=False, end="hang"))
    failure = claude.run(claude.failure, wire, timeout_s=0.5)
    assert failure.kind == "cut"


def exceptions(module):
    """Every exception a module can raise, made without asking its constructor."""
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Exception):
            yield value


def made(kind):
    if issubclass(kind, anthropic.APIStatusError):
        request = httpx2.Request("POST", "http://x")
        status = getattr(kind, "status_code", 500)
        answer = httpx2.Response(status if isinstance(status, int) else 500, request=request)
        return kind("words", response=answer, body=None)
    if issubclass(kind, BaseExceptionGroup):
        return kind("words", [ValueError()])
    # Some write their message from what only their constructor knows.
    plain = {
        "__str__": lambda _self: "words",
        "__module__": kind.__module__,
        "status_code": None,
    }
    named = type(kind.__name__, (kind,), plain)
    return named.__new__(named)


@pytest.mark.parametrize("replying", [True, False])
@pytest.mark.parametrize("module", [anthropic, httpx2, aiohttp, builtins])
def test_every_exception_of_sdk_and_transport_becomes_a_failure(module, replying):
    found = [kind for kind in exceptions(module) if "Unicode" not in kind.__name__]
    assert len(found) > 20
    for kind in found:
        failure = failures.of(made(kind), replying=replying)
        assert type(failure) is ProviderFailure
        assert failure.kind in KINDS, kind
        if replying and not issubclass(kind, anthropic.APIStatusError):
            assert failure.kind == "cut"


def test_a_failure_stays_what_it_is():
    failure = ProviderFailure("quota")
    assert failures.of(failure, replying=True) is failure


@pytest.mark.parametrize(
    ("module", "name", "kind"),
    [
        ("botocore.exceptions", "NoCredentialsError", "auth"),
        ("botocore.exceptions", "EndpointConnectionError", "network"),
        ("google.auth.exceptions", "DefaultCredentialsError", "auth"),
        ("google.auth.exceptions", "TransportError", "network"),
    ],
)
def test_the_clouds_libraries_have_errors_of_their_own(module, name, kind):
    """They are optional: what they raise is known by where it comes from."""
    raised = type(name, (Exception,), {"__module__": module})
    assert failures.of(raised("no")).kind == kind


@pytest.mark.parametrize(("status", "kind"), [(None, "auth"), (401, "auth"), (503, "server")])
def test_a_workload_that_is_not_trusted_is_a_matter_of_its_identity(status, kind):
    assert failures.of(WorkloadIdentityError("no", status_code=status)).kind == kind


def test_an_extra_that_is_not_installed_is_one_message_for_all_calls():
    assert failures.of(ModuleNotFoundError("No module named 'boto3'")).kind == "auth"
