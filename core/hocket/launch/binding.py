"""Hands a backend that is made of other plugins' parts what those plugins offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hocket.engine.prices import Prices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.calls import Usage
    from hocket.api.protocols import Backend, ModelProvider
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import AgentType, Tool
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


def bound(backend: Backend, host: PluginHost, settings: PluginSettings) -> Backend:
    """Give the backend, bound if it can be."""
    if isinstance(backend, Bindable):
        backend.bind(
            providers=host.models(settings),
            tools=host.tools(settings),
            agent_types=host.agent_types(settings),
            price=Prices().cost,
        )
    return backend
