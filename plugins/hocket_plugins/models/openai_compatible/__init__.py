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
    """Hand over `openai`, and `local` for a server on this machine; both connect at first use."""
    import os

    from hocket_plugins.models.openai_compatible.local import LocalProvider
    from hocket_plugins.models.openai_compatible.provider import OpenAiProvider
    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

    section = settings.sections.get("openai")
    told = section if isinstance(section, OpenAiSection) else OpenAiSection()
    keys = (
        {"OPENAI_API_KEY"} if settings.origins.get("openai.base_url") == "project" else set[str]()
    )
    # The person's key is not for an address that came with a cloned project.
    env = {name: value for name, value in os.environ.items() if name not in keys}
    return [OpenAiProvider(told, env), LocalProvider(told)]
