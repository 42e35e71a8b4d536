"""Bash: one command in a fresh shell, in a sandbox where there is one, and nothing left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `shell`."""
    from hocket_plugins.tools.shell.section import Shell

    return [Shell]


@hookimpl
def hocket_register_tools(settings: PluginSettings) -> list[Tool]:
    """Hand over `Bash`."""
    from hocket_plugins.tools.shell.bash import Bash
    from hocket_plugins.tools.shell.section import Shell
    from hocket_plugins.tools.shell.vouching import of_a_project

    section = settings.sections.get("shell")
    limits = section if isinstance(section, Shell) else Shell()
    return [Bash(limits, str(settings.project), of_a_project(settings))]
