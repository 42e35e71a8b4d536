"""The agent loop: models that think and use tools, turn by turn, until they give an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import Backend
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import AgentType


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `agent_loop`."""
    from hocket_plugins.backends.agent_loop.section import AgentLoopSection

    return [AgentLoopSection]


@hookimpl
def hocket_register_backends(settings: PluginSettings) -> list[Backend]:
    """Hand over the backend; it has no models and tools before it is bound to them."""
    from hocket_plugins.backends.agent_loop.loop import AgentLoop
    from hocket_plugins.backends.agent_loop.memory import texts
    from hocket_plugins.backends.agent_loop.section import told

    return [AgentLoop({}, {}, {}, told(settings), memory=texts(settings))]


@hookimpl
def hocket_register_agent_types(settings: PluginSettings) -> list[AgentType]:  # noqa: ARG001
    """Hand over the agent types every project has."""
    from hocket_plugins.backends.agent_loop.types import BUILT_IN

    return [*BUILT_IN]
