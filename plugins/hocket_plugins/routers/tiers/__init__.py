"""Gives calls a small, a medium or a large model, by the difficulty that they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import Router, Stage
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `router_tiers`."""
    from hocket_plugins.routers.tiers.section import RouterTiers

    return [RouterTiers]


@hookimpl
def hocket_choose_router(settings: PluginSettings) -> Router | None:
    """Choose this one where the person named it."""
    if settings.choices.get("router") != "tiers":
        return None
    from hocket_plugins.routers.tiers.difficulty import Difficulty
    from hocket_plugins.routers.tiers.router import TiersRouter

    return TiersRouter(Difficulty(settings))


@hookimpl
def hocket_register_stages(settings: PluginSettings) -> list[Stage]:
    """Hand over the stage that asks for the tier of unmarked calls, where that is wanted.

    A recorded run was routed when it was recorded: a replay answers each call once.
    """
    if settings.choices.get("router") != "tiers" or "replay" in settings.choices:
        return []
    from hocket_plugins.routers.tiers.classifier import Classifier
    from hocket_plugins.routers.tiers.difficulty import Difficulty

    difficulty = Difficulty(settings)
    return [Classifier(difficulty)] if difficulty.classify else []
