"""Asks a weak model first, verifies its answer, and asks a strong one where that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import Router, Stage
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `router_escalate`."""
    from hocket_plugins.routers.escalate.section import RouterEscalate

    return [RouterEscalate]


@hookimpl
def hocket_choose_router(settings: PluginSettings) -> Router | None:
    """Choose the one that leaves the model to the stage, where the person named this router."""
    if settings.choices.get("router") != "escalate":
        return None
    from hocket_plugins.routers.escalate.router import OpenRouter

    return OpenRouter(settings.choices.get("effort"))


@hookimpl
def hocket_register_stages(settings: PluginSettings) -> list[Stage]:
    """Hand over the stage that asks weak, verifies, and asks strong.

    A recorded run was routed when it was recorded: a replay answers each call once.
    """
    if settings.choices.get("router") != "escalate" or "replay" in settings.choices:
        return []
    from hocket_plugins.routers.escalate.section import RouterEscalate
    from hocket_plugins.routers.escalate.stage import EscalateStage

    section = settings.sections.get("router_escalate")
    told = section if isinstance(section, RouterEscalate) else RouterEscalate()
    return [EscalateStage(told, settings.choices.get("model") or told.strong)]
