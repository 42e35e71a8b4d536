"""The headers around every turn: its request id, and how much of the rate limit is left."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.testing.standin.state import State

REQUESTS, TOKENS = 4_000, 2_000_000


def granted(state: State, number: int) -> dict[str, str]:
    """Give the headers of a turn; requests in flight are what was taken from the limit."""
    reset = timestamp(state.clock.wall_ms() + 60_000)
    left = max(0, REQUESTS - state.stats.in_flight)
    return {
        "request-id": f"req_{number:024d}",
        "anthropic-organization-id": "standin",
        "anthropic-ratelimit-requests-limit": str(REQUESTS),
        "anthropic-ratelimit-requests-remaining": str(left),
        "anthropic-ratelimit-requests-reset": reset,
        "anthropic-ratelimit-tokens-limit": str(TOKENS),
        "anthropic-ratelimit-tokens-remaining": str(TOKENS),
        "anthropic-ratelimit-tokens-reset": reset,
    }


def timestamp(wall_ms: int) -> str:
    """Write a moment as RFC 3339."""
    return _second(wall_ms // 1000)


@lru_cache(maxsize=8)  # all requests of a second have the same
def _second(wall_s: int) -> str:
    return f"{datetime.fromtimestamp(wall_s, UTC):%Y-%m-%dT%H:%M:%SZ}"
