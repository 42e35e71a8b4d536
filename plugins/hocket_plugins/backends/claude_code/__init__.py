"""Claude Code as a backend: the whole call is one session of that program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.protocols import Backend
    from hocket.api.settings import PluginSettings


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `claude_code`."""
    from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

    return [ClaudeCodeSection]


@hookimpl
def hocket_register_backends(settings: PluginSettings) -> list[Backend]:
    """Hand over the backend; nothing is started and its SDK is not imported yet."""
    from hocket_plugins.backends.claude_code.backend import ClaudeCode
    from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection

    told = settings.sections.get("claude_code")
    section = told if isinstance(told, ClaudeCodeSection) else ClaudeCodeSection()
    # A program that came with a cloned project is not what the person installed.
    if settings.origins.get("claude_code.cli_path") == "project":
        section = section.model_copy(update={"cli_path": None})
    return [ClaudeCode(section)]
