"""Speaks to servers with a chat completions endpoint: OpenAI's, its kind, and local ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import ModelProvider
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `openai`."""
    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

    return [OpenAiSection]


@hookimpl
def hocket_register_models(settings: PluginSettings) -> list[ModelProvider]:
    """Hand over the provider `openai`; it connects at its first use."""
    import os

    from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

    section = settings.sections.get("openai")
    told = section if isinstance(section, OpenAiSection) else OpenAiSection()
    return [OpenAiProvider(told, os.environ)]
