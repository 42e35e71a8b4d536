"""Tools of MCP servers: known from what a person approved, connected to when one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from click import Group
    from pydantic import BaseModel

    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `mcp`."""
    from hocket_plugins.tools.mcp.section import Mcp

    return [Mcp]


@hookimpl
def hocket_register_tools(settings: PluginSettings) -> list[Tool]:
    """Hand over `mcp__SERVER__TOOL` for every approved tool; no server is started for that."""
    from hocket_plugins.tools.mcp.tool import tools

    return [*tools(settings)]


@hookimpl
def hocket_register_commands(group: Group) -> None:
    """Add `hocket mcp list`, `approve` and `forget`."""
    from hocket_plugins.tools.mcp.commands import add_to

    add_to(group)
