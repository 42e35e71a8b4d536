"""Gives every call the model the person named, by agent type where they named one for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import Router
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `router_fixed`."""
    from hocket_plugins.routers.fixed.section import RouterFixed

    return [RouterFixed]


@hookimpl(trylast=True)
def hocket_choose_router(settings: PluginSettings) -> Router | None:
    """Choose this one, unless the person named another."""
    if settings.choices.get("router", "fixed") != "fixed":
        return None
    from hocket_plugins.routers.fixed.router import FixedRouter

    return FixedRouter(settings)
