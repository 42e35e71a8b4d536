"""Stories: a client of the official SDK, or a plain one, against a stand-in of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import pytest

from hocket.testing import JumpingClock, JumpingLoop
from hocket.testing.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


@pytest.fixture
def sdk():
    """Give the official SDK, or skip and say so."""
    return pytest.importorskip("anthropic", reason="the official SDK: pip install anthropic")


@pytest.fixture
def story(sdk, transport):
    """Run a story with an SDK client; options go to the stand-in."""

    def tell(
        told: Callable[..., Awaitable[T]], *, jumps: bool = False, retries: int = 0, **options
    ) -> T:
        async def main() -> T:
            clock = JumpingClock() if jumps else None
            async with StandIn(clock=clock, **options) as server:
                http = sdk.DefaultAioHttpClient() if transport == "aiohttp" else None
                async with sdk.AsyncAnthropic(
                    base_url=server.url, api_key="key", max_retries=retries, http_client=http
                ) as client:
                    return await told(client, server)

        with asyncio.Runner(loop_factory=JumpingLoop if jumps else None) as runner:
            return runner.run(main())

    return tell


@pytest.fixture
def transport():
    """Give the default transport; a test that wants all of them parametrizes it."""
    return "httpx2"


@pytest.fixture
def plain():
    """Run a story with a plain httpx2 client whose base is the stand-in."""
    httpx2 = pytest.importorskip("httpx2", reason="a plain client: pip install httpx2")

    def tell(told: Callable[..., Awaitable[T]], *, jumps: bool = False, **options) -> T:
        async def main() -> T:
            clock = JumpingClock() if jumps else None
            headers = {"x-api-key": "key", "anthropic-version": "2023-06-01"}
            async with (
                StandIn(clock=clock, **options) as server,
                httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=None) as client,
            ):
                return await told(client, server)

        with asyncio.Runner(loop_factory=JumpingLoop if jumps else None) as runner:
            return runner.run(main())

    return tell


@pytest.fixture
def ask():
    """Make the parameters of a request from a prompt."""

    def make(prompt: str, **more):
        messages = [{"role": "user", "content": prompt}]
        return {"model": "standin", "max_tokens": 4_000, "messages": messages} | more

    return make
