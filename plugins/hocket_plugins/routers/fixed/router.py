"""The router without opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.calls import Route
from hocket_plugins.routers.fixed.section import RouterFixed, TypeRoute

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.settings import PluginSettings

_NOTHING = TypeRoute()


class FixedRouter:
    """Gives what the agent type says, else what was typed, else what is configured."""

    name = "fixed"

    def __init__(self, settings: PluginSettings) -> None:
        section = settings.sections.get("router_fixed")
        fixed = section if isinstance(section, RouterFixed) else RouterFixed()
        self._model = settings.choices.get("model") or fixed.model
        self._effort = settings.choices.get("effort") or fixed.effort
        self._by_type = fixed.by_type

    async def route(self, call: Call) -> Route:
        """Choose; an effort that the script named stays."""
        kind = self._by_type.get(call.options.agent_type or "", _NOTHING)
        effort = call.options.effort or kind.effort or self._effort
        return Route(kind.model or self._model, effort)
