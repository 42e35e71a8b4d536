"""Hands a backend that is made of other plugins' parts what those plugins offer."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hocket.api.providers import Loading, Warming
from hocket.engine.prices import Price, Prices

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

    from hocket.api.calls import Usage
    from hocket.api.protocols import Backend, ModelProvider
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import AgentType, Tool
    from hocket.config.settings import ModelPrice, Settings
    from hocket.host import PluginHost


@runtime_checkable
class Bindable(Protocol):
    """A backend that works with models, tools and agent types of other plugins."""

    def bind(
        self,
        *,
        providers: Mapping[str, ModelProvider],
        tools: Mapping[str, Tool],
        agent_types: Mapping[str, AgentType],
        price: Callable[[str, str, Usage], int | None],
    ) -> None:
        """Take what other plugins offer; called once, before the first call."""
        ...


def bind(
    backend: Backend,
    providers: Mapping[str, ModelProvider],
    prices: Prices,
    plugins: tuple[PluginHost, PluginSettings],
) -> None:
    """Bind the backend if it can be; the first of the providers is the one that was chosen."""
    host, settings = plugins
    if isinstance(backend, Bindable):
        backend.bind(
            providers=providers,
            tools=host.tools(settings),
            agent_types=host.agent_types(settings),
            price=prices.cost,
        )


def prices(settings: Settings) -> Prices:
    """Give the table of prices, the person's own ones first."""
    return Prices({name: _price(told) for name, told in settings.prices.items()})


def lend(providers: Iterable[ModelProvider], contents: Callable[[str], bytes | None]) -> None:
    """Let providers send the images and documents that a run keeps."""
    for provider in providers:
        if isinstance(provider, Loading):
            provider.load = contents


@asynccontextmanager
async def warming(backend: Backend) -> AsyncGenerator[None]:
    """Let a backend do what is slow before its first call, beside the run and not before it."""
    if not isinstance(backend, Warming):
        yield
        return
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_warm(backend), name="warm")
        try:
            yield
        finally:
            task.cancel()


def _price(told: ModelPrice) -> Price:
    read, write = told.cache_read, told.cache_write
    return Price(
        told.input,
        told.output,
        told.input if read is None else read,
        told.input if write is None else write,
    )


async def _warm(backend: Warming) -> None:
    try:
        await backend.warm()
    except Exception:  # noqa: BLE001  (a key or a network that is missing)
        # It is missing at the first call again, and there it has a call to be told with.
        return
