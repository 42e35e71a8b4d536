"""A tool of a server as agents see it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from hocket.api.inert import stripped
from hocket.api.tools import ToolOutput
from hocket_plugins.tools.mcp import sdk
from hocket_plugins.tools.mcp.connection import Connection
from hocket_plugins.tools.mcp.offer import called
from hocket_plugins.tools.mcp.pins import Pins
from hocket_plugins.tools.mcp.roster import roster
from hocket_plugins.tools.mcp.trouble import Down, NoResult, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Effect, ToolContext
    from hocket_plugins.tools.mcp.offer import Offer

LONGEST_DESCRIPTION = 8_000


def tools(settings: PluginSettings) -> list[McpTool]:
    """Give the approved tools of all servers; all of them share the servers of the run."""
    pins = Pins(settings.data)
    servers: list[Connection] = []
    found: list[McpTool] = []
    for server in roster(settings).servers.values():
        pin = pins.of(server)
        if pin is not None:
            connection = Connection(server, pin.offers, settings.project)
            servers.append(connection)
            offers = [one for one in pin.offers if server.lets(one.name)]
            found += [McpTool(connection, one, servers) for one in offers]
    return found


class McpTool:
    """Known from its pin: nothing is connected and the SDK not imported before its first use."""

    def __init__(self, connection: Connection, offer: Offer, servers: Sequence[Connection]) -> None:
        self._connection = connection
        self._offer = offer
        self._servers = servers
        self.name = called(connection.server.name, offer.name)
        self.description = stripped(offer.description)[:LONGEST_DESCRIPTION]
        self.input_schema: dict[str, JsonValue] = offer.schema
        self.effects: frozenset[Effect] = connection.server.effects(offer.name)

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write the name and all arguments as JSON: a rule may name both, or the name alone."""
        said = json.dumps(dict(arguments), ensure_ascii=False, sort_keys=True) if arguments else ""
        return f"{self.name}({said})" if said else self.name

    def lacks(self) -> str | None:
        """Say that the SDK is not there."""
        return sdk.missing()

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Use it, or say in the output why not; all words count as the server's."""
        if missing := self.lacks():
            return ToolOutput(missing, is_error=True, status="not used: its SDK is not installed")
        server = self._connection.server.name
        await asyncio.to_thread(sdk.load)
        from hocket_plugins.tools.mcp.result import label, output

        try:
            result = await self._connection.use(self._offer.name, arguments, context)
        except Refusal as cause:
            result = NoResult(str(cause), "not used: the server may not be used")
        except Down as cause:
            result = NoResult(str(cause), "the server failed")
        if isinstance(result, NoResult):
            told = f"the MCP server {server}: {result.reason}"
            return ToolOutput(told, is_error=True, label=label(server), status=result.status)
        return output(result, server, context.keep)

    async def aclose(self) -> None:
        """End all servers of the run, not this tool's alone: they end side by side."""
        async with asyncio.TaskGroup() as group:
            for one in self._servers:
                group.create_task(one.aclose())
