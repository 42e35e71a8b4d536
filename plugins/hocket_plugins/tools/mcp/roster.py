"""Which servers there are, and who said so: only a person's own word starts a process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.tools import Effect
from hocket_plugins.tools.mcp.imported import imported
from hocket_plugins.tools.mcp.section import Mcp
from hocket_plugins.tools.mcp.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.settings import PluginSettings
    from hocket_plugins.tools.mcp.section import ServerSection

OWN = frozenset({"user", "managed", "flags", "environment"})
"""Whose settings are a person's or the machine owner's; a project's are not among them."""
_ALL = "mcp.servers"


@dataclass(frozen=True, slots=True)
class Roster:
    """The servers that count, and what was said that does not."""

    servers: Mapping[str, Server]
    notes: tuple[str, ...] = ()


def roster(settings: PluginSettings) -> Roster:
    """Read the settings, then the project's `.mcp.json` if it is trusted; a setting goes first."""
    section = settings.sections.get("mcp")
    said = section.servers if isinstance(section, Mcp) else {}
    mine = {name: one for name, one in said.items() if _who(settings, name) in OWN}
    theirs = [
        f"the server '{name}' does not count: {_who(settings, name)} settings cannot start one"
        for name in said
        if name not in mine
    ]
    found, notes = imported(settings)
    servers = dict(found)
    for name, one in mine.items():
        server = _server(name, one, found.get(name), _who(settings, name))
        if server is None:
            notes.append(f"the server '{name}' has neither a command nor a url")
        else:
            servers[name] = server
    return Roster(servers, (*theirs, *notes))


def _who(settings: PluginSettings, name: str) -> str:
    # Whoever is not known is not the person.
    return settings.origins.get(f"{_ALL}.{name}") or settings.origins.get(_ALL) or "unknown"


def _server(name: str, said: ServerSection, found: Server | None, who: str) -> Server | None:
    """Make a server of a section; one without a way to it only says more about an imported one."""
    is_reached = said.command is not None or said.url is not None
    server = _reached(name, said, who) if is_reached else found
    if server is None:
        return None
    return replace(
        server,
        tools=said.tools,
        labels={tool: _effects(words) for tool, words in said.labels.items()},
        timeout_s=said.timeout_s,
        start_s=said.start_s,
    )


def _reached(name: str, said: ServerSection, who: str) -> Server:
    return Server(
        name=name,
        origin=f"{who} settings",
        command=() if said.command is None else (said.command, *said.args),
        variables={variable: f"${{{variable}}}" for variable in said.env},
        url=said.url or "",
        headers=said.headers,
    )


def _effects(words: Iterable[str]) -> frozenset[Effect]:
    return frozenset(Effect.READ_OUTSIDE if word == "read_only" else Effect(word) for word in words)
