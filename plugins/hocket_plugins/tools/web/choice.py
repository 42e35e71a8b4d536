"""Which engine `WebSearch` searches with, and what is missing where there is none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hocket_plugins.tools.web.refusal import Refusal

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings
    from hocket_plugins.tools.web.engine import Engine, Found
    from hocket_plugins.tools.web.section import Theirs, Web


class NoEngine:
    """Stands where nothing was configured, and says what to configure."""

    outside, source = True, "web.search"

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def lacks(self) -> str:
        """Give the reason."""
        return self._reason

    async def find(self, query: str, most: int) -> Found:  # noqa: ARG002  there is nothing to search
        """Refuse."""
        raise Refusal(self._reason)


def chosen(theirs: Theirs, settings: PluginSettings) -> Engine:
    """Choose: what the person named, else the search server, else the folder, else none.

    A model provider's own search and a search tool of an MCP server come before this tool, by
    the backend's hand; here is what is left when there is neither.
    """
    section = theirs.section
    wants = section.search
    if section.search_url and wants in ("auto", "server"):
        from hocket_plugins.tools.web.server import SearchServer

        return SearchServer(section.search_url)
    if section.folder and wants in ("auto", "folder"):
        from hocket_plugins.tools.web.corpus import Corpus
        from hocket_plugins.tools.web.shelf import Shelf

        folder = settings.project / Path(section.folder).expanduser()
        outside = not section.folder_trusted or is_doubted(folder, settings)
        return Corpus(Shelf(folder, settings.project), outside=outside)
    return NoEngine(_missing(section, theirs.ignored))


def is_doubted(folder: Path, settings: PluginSettings) -> bool:
    """Say whether a folder shares files with a project that is not trusted, or not all of it."""
    if settings.is_trusted and not settings.outside:
        return False
    places = [Path(os.path.abspath(folder)), Path(os.path.realpath(folder))]  # noqa: PTH100
    tops = [Path(os.path.abspath(settings.project)), Path(os.path.realpath(settings.project))]  # noqa: PTH100
    return any(one.is_relative_to(top) or top.is_relative_to(one) for one in places for top in tops)


def _missing(section: Web, ignored: tuple[str, ...]) -> str:
    if section.search == "off":
        return "searching is turned off by the setting web.search"
    needed = {
        "auto": "search_url (a server that answers /search?q=…&format=json) or folder (of texts)",
        "server": "search_url, a server that answers /search?q=…&format=json",
        "folder": "folder, which holds the texts",
    }
    reason = (
        "nothing is configured that could be searched: "
        f"set {needed[section.search]} under [web] in your own config.toml"
    )
    names = ", ".join(ignored)
    return f"{reason}; what the project sets ({names}) does not count" if ignored else reason
