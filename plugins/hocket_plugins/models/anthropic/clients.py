"""The SDK's clients, one for each place; none ever tries a second time by itself."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from anthropic import AsyncAnthropic
    from anthropic.lib.bedrock import AsyncAnthropicBedrock, AsyncAnthropicBedrockMantle
    from anthropic.lib.vertex import AsyncAnthropicVertex

    from hocket_plugins.models.anthropic.settings import AnthropicSection, Place, PlaceSection

    Client = (
        AsyncAnthropic | AsyncAnthropicBedrock | AsyncAnthropicBedrockMantle | AsyncAnthropicVertex
    )


class Wiring(TypedDict):
    """What all clients are given alike."""

    max_retries: int
    timeout: httpx2.Timeout
    default_headers: dict[str, str]
    http_client: httpx2.AsyncClient
    open_telemetry: Literal[False]


def connect(place: Place, section: AnthropicSection) -> Client:
    """Make the client of a place; raises whatever the SDK does when a key or region is missing.

    Imports the SDK, which takes about a second, and reads certificates: for a thread.
    """
    # Without any handler Python writes the SDK's warnings about credentials to stderr.
    logging.getLogger("anthropic").addHandler(logging.NullHandler())
    at = section.at(place)
    makers: dict[Place, Callable[[PlaceSection, Wiring], Client]] = {
        "anthropic": _anthropic,
        "bedrock": _bedrock,
        "bedrock-mantle": _mantle,
        "aws": _aws,
        "vertex": _vertex,
        "google-cloud": _google,
        "foundry": _foundry,
    }
    return makers[place](at, _wiring(section, at))


def _anthropic(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic import AsyncAnthropic

    return AsyncAnthropic(base_url=at.base_url, **wiring)


def _bedrock(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic.lib.bedrock import AsyncAnthropicBedrock

    return AsyncAnthropicBedrock(base_url=at.base_url, aws_region=at.region, **wiring)


def _mantle(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic.lib.bedrock import AsyncAnthropicBedrockMantle

    return AsyncAnthropicBedrockMantle(base_url=at.base_url, aws_region=at.region, **wiring)


def _aws(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic import AsyncAnthropicAWS

    return AsyncAnthropicAWS(
        base_url=at.base_url, aws_region=at.region, workspace_id=at.project, **wiring
    )


def _vertex(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic import not_given
    from anthropic.lib.vertex import AsyncAnthropicVertex

    region, project = at.region or not_given, at.project or not_given
    return AsyncAnthropicVertex(base_url=at.base_url, region=region, project_id=project, **wiring)


def _google(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic import AsyncAnthropicGoogleCloud

    return AsyncAnthropicGoogleCloud(
        base_url=at.base_url, location=at.region, project=at.project, **wiring
    )


def _foundry(at: PlaceSection, wiring: Wiring) -> Client:
    from anthropic import AsyncAnthropicFoundry

    if at.base_url:
        return AsyncAnthropicFoundry(base_url=at.base_url, **wiring)
    return AsyncAnthropicFoundry(resource=at.project, **wiring)


def _wiring(section: AnthropicSection, at: PlaceSection) -> Wiring:
    import httpx2
    from anthropic import DefaultAioHttpClient, DefaultAsyncHttpxClient

    timeout = httpx2.Timeout(section.timeout_s, connect=section.connect_timeout_s)
    # httpx2 looks at every open connection for every request, and costs twice the time.
    there = section.transport == "auto" and find_spec("aiohttp") is not None
    kind = (
        DefaultAioHttpClient if there or section.transport == "aiohttp" else DefaultAsyncHttpxClient
    )
    return {
        "max_retries": 0,
        "timeout": timeout,
        "default_headers": at.headers,
        "http_client": kind(timeout=timeout),
        # The run's own spans tell of every turn; the SDK's would tell it twice.
        "open_telemetry": False,
    }
