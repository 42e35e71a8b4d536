"""Waiting and limits, as headers say them."""

from __future__ import annotations

import pytest

from hocket.api.messages import RateLimits
from hocket_plugins.models.anthropic import headers

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:02:00 GMT", "date": DATE}, 120.0),
        ({"retry-after": "Wed, 31 Dec 2025 23:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:02:00 GMT"}, None),
        ({"retry-after": "Thu, 01 Jan 2026 01:02:00 +0100", "date": DATE}, 120.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow", "date": DATE}, None),
    ],
)
def test_how_long_to_wait(given, seconds):
    assert headers.retry_after_s(given) == seconds


def limits(**given):
    return {f"anthropic-ratelimit-{name.replace('_', '-')}": value for name, value in given.items()}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"requests_limit": "50"}, None),
        ({"requests_remaining": "many"}, None),
        ({"requests_remaining": "49"}, RateLimits(requests_left=49)),
        (
            {
                "requests_remaining": "49",
                "requests_reset": "2026-01-01T00:00:01Z",
                "input_tokens_remaining": "7000",
                "input_tokens_reset": "2026-01-01T00:00:30+00:00",
                "output_tokens_remaining": "900",
                "output_tokens_reset": "2026-01-01T00:00:10",
            },
            RateLimits(requests_left=49, tokens_left=900, resets_at_ms=1_767_225_601_000),
        ),
        (
            {
                "requests_remaining": "0",
                "requests_reset": "2026-01-01T00:00:30Z",
                "tokens_remaining": "0",
                "tokens_reset": "2026-01-01T00:00:20Z",
            },
            RateLimits(requests_left=0, tokens_left=0, resets_at_ms=1_767_225_630_000),
        ),
        (
            {"tokens_remaining": "0", "tokens_reset": "later"},
            RateLimits(tokens_left=0),
        ),
    ],
)
def test_what_is_left(given, expected):
    assert headers.limits(limits(**given)) == expected


def test_only_a_limit_that_is_used_up_is_worth_waiting_for():
    some = limits(requests_remaining="3", requests_reset="2026-01-01T00:00:30Z")
    none = limits(requests_remaining="0", requests_reset="2026-01-01T00:00:30Z")
    assert headers.resets_at_ms({}) is None
    assert headers.resets_at_ms(some) is None
    assert headers.resets_at_ms(none) == 1_767_225_630_000


def test_limits_are_a_part_of_the_turn(claude, wire, says, reply):
    data = says.sse(*reply.whole(reply.text("x")))
    wire.say(says.stream(data, anthropic_ratelimit_requests_remaining="12"))
    assert claude.run(claude.turn, wire).limits == RateLimits(requests_left=12)


@pytest.mark.parametrize("name", ["request-id", "x-request-id", "x-amzn-requestid"])
def test_the_id_of_a_request(name):
    assert headers.request_id({name: "r1"}) == "r1"
    assert headers.request_id({}) == ""
