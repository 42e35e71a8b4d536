"""Read, Glob, Grep, Edit and Write: the files of the workspace, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `files`."""
    from hocket_plugins.tools.files.section import Files

    return [Files]


@hookimpl
def hocket_register_tools(settings: PluginSettings) -> list[Tool]:
    """Hand over the five file tools."""
    from hocket_plugins.tools.files.edit import Edit
    from hocket_plugins.tools.files.glob import Glob
    from hocket_plugins.tools.files.grep import Grep
    from hocket_plugins.tools.files.read import Read
    from hocket_plugins.tools.files.section import Files
    from hocket_plugins.tools.files.vouching import Vouching
    from hocket_plugins.tools.files.write import Write

    section = settings.sections.get("files")
    limits = section if isinstance(section, Files) else Files()
    vouching = Vouching(is_trusted=settings.is_trusted, outside=settings.outside)
    return [tool(limits, vouching) for tool in (Read, Glob, Grep, Edit, Write)]
