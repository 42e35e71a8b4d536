"""What `hocket mcp` says about a server: as data, and as lines for a person or a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hocket.api.inert import visible
from hocket_plugins.tools.mcp.offer import called

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.tools.mcp.pins import Pins
    from hocket_plugins.tools.mcp.server import Server


def told(server: Server, pins: Pins) -> dict[str, JsonValue]:
    """Give all there is to say about a server."""
    pin = pins.of(server)
    offers = [one for one in pin.offers if server.lets(one.name)] if pin else []
    tools: list[JsonValue] = [
        {
            "name": called(server.name, one.name),
            "effects": [*sorted(map(str, server.effects(one.name)))],
            "labelled": one.name in server.labels,
            "claims": dict(one.claims),
        }
        for one in offers
    ]
    return {
        "server": server.name,
        "origin": server.origin,
        "reached": server.reached,
        "digest": pin.digest if pin else None,
        "tools": tools,
    }


def row(server: dict[str, JsonValue]) -> str:
    """Write a server and its tools for a person or a pipe, a line each."""
    pinned = server["digest"]
    state = f"approved {str(pinned)[:12]}" if pinned else "not approved"
    head = "\t".join(visible(str(server[key])) for key in ("server", "origin", "reached"))
    tools = cast("list[dict[str, JsonValue]]", server["tools"])
    rows = [f"  {one['name']}\t{_effects(one)}" for one in tools]
    return "\n".join((f"{head}\t{state}", *rows))


def _effects(tool: dict[str, JsonValue]) -> str:
    effects = ", ".join(cast("list[str]", tool["effects"]))
    claims = ", ".join(
        visible(name)
        for name, value in cast("dict[str, JsonValue]", tool["claims"]).items()
        if value
    )
    said = effects if tool["labelled"] else f"{effects} (nobody labelled it)"
    return f"{said}\tit claims {claims}" if claims else said
