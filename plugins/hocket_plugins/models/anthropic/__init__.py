"""Speaks to Claude models: Anthropic's API, its kind on other hosts, and the clouds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import ModelProvider
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `anthropic`."""
    from hocket_plugins.models.anthropic.settings import AnthropicSection

    return [AnthropicSection]


@hookimpl
def hocket_register_models(settings: PluginSettings) -> list[ModelProvider]:
    """Hand over one provider for each place where Claude models live; none connects yet."""
    import os

    from hocket_plugins.models.anthropic.places import PLACES
    from hocket_plugins.models.anthropic.provider import AnthropicProvider
    from hocket_plugins.models.anthropic.settings import AnthropicSection

    section = settings.sections.get("anthropic")
    told = section if isinstance(section, AnthropicSection) else AnthropicSection()
    return [AnthropicProvider(place, told, os.environ) for place in PLACES]
