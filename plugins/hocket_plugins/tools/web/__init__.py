"""WebFetch and WebSearch: pages of the public web, a search server, or a folder of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool


@hookimpl
def hocket_register_settings() -> list[type[BaseModel]]:
    """Hand over the section `web`."""
    from hocket_plugins.tools.web.section import Web

    return [Web]


@hookimpl
def hocket_register_tools(settings: PluginSettings) -> list[Tool]:
    """Hand over `WebFetch` and `WebSearch`; neither connects before it is used."""
    from hocket_plugins.tools.web.choice import chosen
    from hocket_plugins.tools.web.fetch import WebFetch
    from hocket_plugins.tools.web.search import WebSearch
    from hocket_plugins.tools.web.section import theirs

    return [WebFetch(), WebSearch(chosen(theirs(settings), settings))]
