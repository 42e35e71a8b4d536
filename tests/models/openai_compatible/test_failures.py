"""Every way to fail has its kind, and no exception but one leaves the provider."""

from __future__ import annotations

import httpx2
import pytest

from hocket.api.messages import AnswerMode, ProviderFailure, RateLimits, ToolSpec
from hocket_plugins.models.openai_compatible import failures, headers

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


def error(code=None, kind=None, message="words of the server"):
    return {"error": {"code": code, "type": kind, "message": message, "param": None}}


ROWS = [
    (429, error("rate_limit_exceeded", "requests"), "rate"),
    (429, error("insufficient_quota", "insufficient_quota"), "quota"),
    (429, error("billing_hard_limit_reached"), "quota"),
    (402, error(message="Insufficient credits"), "quota"),
    (529, {}, "overloaded"),
    (503, error(kind="overloaded_error"), "overloaded"),
    (500, error(kind="server_error"), "server"),
    (502, "<html>Bad gateway", "server"),
    (504, "", "server"),
    (408, {}, "server"),
    (401, error("invalid_api_key", "invalid_request_error"), "auth"),
    (403, {}, "auth"),
    (400, error("context_length_exceeded"), "context_full"),
    (400, error(message="This model's maximum context length is 8192 tokens."), "context_full"),
    (400, {"detail": "prompt is too long"}, "context_full"),
    (500, {"error": "the request exceeds the available context size"}, "context_full"),
    (400, error(kind="invalid_request_error"), "bad_request"),
    (404, {"error": "model 'x' not found, try pulling it first"}, "bad_request"),
    (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, "bad_request"),
    (418, "tea", "unknown"),
]


@pytest.mark.parametrize(("status", "body", "kind"), ROWS)
def test_an_answer_with_a_status_has_its_kind_and_was_asked_for_once(
    chat, wire, says, status, body, kind
):
    raw = body.encode() if isinstance(body, str) else body
    wire.say(says.refused(status, raw))
    failure = chat.run(chat.failure, wire)
    assert failure.kind == kind
    assert failure.code
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (error(kind="server_error"), "server"),
        (error("insufficient_quota"), "quota"),
        ({"error": "context length exceeded"}, "context_full"),
        ({"error": {"code": 502, "message": "upstream"}}, "unknown"),
    ],
)
def test_an_error_in_the_stream_counts_by_its_name(chat, wire, says, chunks, body, kind):
    wire.say(says.stream(chunks.data(*chunks.text("half"), body)))
    assert chat.run(chat.failure, wire).kind == kind


def test_a_page_instead_of_an_answer_is_kept_for_a_person(chat, wire, says):
    wire.say(says.refused(200, b"<html>" + b"x" * 9_000, content_type="text/html"))
    failure = chat.run(chat.failure, wire)
    assert (failure.kind, len(failure.raw)) == ("unknown", 2_000)


def test_nobody_listens(chat, wire):
    async def story(_provider):
        gone = chat.provider("http://127.0.0.1:9")
        try:
            return await chat.failure(gone)
        finally:
            await gone.aclose()

    assert chat.run(story, wire).kind == "network"


@pytest.mark.parametrize("url", ["nonsense", "ftp://x"])
def test_an_address_that_cannot_be_one_is_no_matter_of_the_network(chat, wire, url):
    failure = chat.run(chat.failure, wire, base_url=url)
    assert failure.kind == "bad_request"


def test_silence_before_and_after_the_beginning(chat, wire, says, chunks):
    wire.say(says.Answer([b""], "hang"))
    assert chat.run(chat.failure, wire, timeout_s=0.5).kind == "network"
    wire.say(says.pieces(chunks.data(*chunks.text("x"), done=False), last=False, end="hang"))
    assert chat.run(chat.failure, wire, timeout_s=0.5).kind == "cut"


@pytest.mark.parametrize(
    ("status", "word", "kind"),
    [(500, "false", "bad_request"), (400, "true", "server"), (402, "true", "quota")],
)
def test_the_servers_own_word_on_another_try_goes_before_the_status(status, word, kind):
    assert failures.told(status, {}, {"x-should-retry": word}).kind == kind


@pytest.mark.parametrize("replying", [True, False])
def test_every_exception_of_the_transport_becomes_a_failure(replying):
    found = [
        kind
        for kind in vars(httpx2).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    assert len(found) > 20
    for kind in (*found, OSError, ValueError, RuntimeError, UnicodeError):
        failure = failures.of(kind.__new__(kind), replying=replying)
        assert type(failure) is ProviderFailure
        assert failure.kind in ({"cut"} if replying else {"network", "unknown", "bad_request"})


def grammar():
    return AnswerMode(kind="grammar", shape={"type": "object"})


def test_a_model_that_takes_no_schema_is_not_asked_a_second_time(chat, wire, says):
    refusal = says.refused(400, error(message="response_format is not supported"))
    wire.say(refusal, refusal, says.refused(200, {"data": []}))

    async def story(provider):
        failure = await chat.failure(provider, chat.request(answer=grammar()))
        plain = await chat.failure(provider, chat.request())
        other = await provider.capabilities("n")
        return failure, plain, await provider.capabilities("m"), other

    failure, plain, learned, other = chat.run(story, wire)
    assert (failure.kind, failure.code) == ("bad_request", "no_grammar")
    assert plain.code == "400"
    assert learned.answers == ("tool", "prompt")
    assert other.answers == ("grammar", "tool", "prompt")


def test_a_model_that_takes_no_tools_says_so_before_the_next_call(chat, wire, says):
    refusal = says.refused(400, {"error": "registry/m does not support tools"})
    wire.say(refusal, refusal, says.refused(404, {}))
    tool = ToolSpec(name="Read", description="", input_schema={})

    async def story(provider):
        failure = await chat.failure(provider, chat.request(tools=(tool,)))
        plain = await chat.failure(provider, chat.request())
        return failure, plain, await provider.capabilities("m")

    failure, plain, learned = chat.run(story, wire)
    assert (failure.code, plain.code) == ("no_tools", "400")
    assert (learned.tools, learned.parallel_tools) == (False, False)
    assert learned.answers == ("grammar", "prompt")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after": "Thu, 01 Jan 2026 00:02:00 GMT", "date": DATE}, 120.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:02:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
    ],
)
def test_how_long_to_wait(given, seconds):
    assert headers.retry_after_s(given) == seconds


def limits(**given):
    return {f"x-ratelimit-{name.replace('_', '-')}": value for name, value in given.items()}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"x-ratelimit-remaining-requests": "-1"}, None),
        (limits(remaining_requests="3"), RateLimits(requests_left=3)),
        (
            limits(remaining_requests="3", reset_requests="20ms") | {"date": DATE},
            RateLimits(requests_left=3, resets_at_ms=1_767_225_600_020),
        ),
        (
            limits(
                remaining_requests="9",
                reset_requests="1s",
                remaining_tokens="0",
                reset_tokens="6m1.5s",
            )
            | {"date": DATE},
            RateLimits(requests_left=9, tokens_left=0, resets_at_ms=1_767_225_961_500),
        ),
        (limits(remaining_tokens="0", reset_tokens="soon"), RateLimits(tokens_left=0)),
    ],
)
def test_what_is_left(given, expected):
    assert headers.limits(given) == expected


def test_only_a_limit_that_is_used_up_is_worth_waiting_for():
    some = limits(remaining_requests="3", reset_requests="1s") | {"date": DATE}
    none = limits(remaining_requests="0", reset_requests="1s") | {"date": DATE}
    assert headers.resets_at_ms(some) is None
    assert headers.resets_at_ms(none) == 1_767_225_601_000
    assert headers.resets_at_ms({}) is None
