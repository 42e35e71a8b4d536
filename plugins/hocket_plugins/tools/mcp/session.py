"""One connection by the SDK: everything that imports it while a server is spoken to."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from mcp import Client, MCPError
from mcp_types import (
    CONNECTION_CLOSED,
    INVALID_REQUEST,
    ElicitResult,
    Implementation,
    ToolListChangedNotification,
)
from pydantic import ValidationError

from hocket_plugins.tools.mcp.elicitation import elicited
from hocket_plugins.tools.mcp.foreign import line
from hocket_plugins.tools.mcp.offer import Offer
from hocket_plugins.tools.mcp.server import filled
from hocket_plugins.tools.mcp.stdio import stdio
from hocket_plugins.tools.mcp.trouble import Down, NoResult
from hocket_plugins.tools.mcp.web import web

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from mcp.client import ClientRequestContext, IncomingMessage, Transport
    from mcp_types import CallToolResult, ElicitRequestParams, Tool
    from pydantic import JsonValue

    from hocket_plugins.tools.mcp.life import Life
    from hocket_plugins.tools.mcp.server import Server
    from hocket_plugins.tools.mcp.surroundings import Surroundings
    from hocket_plugins.tools.mcp.talk import Talk

MOST_TOOLS, MOST_PAGES = 1_000, 100
REPORTED, UNUSABLE = "the server reported an error", "the server's reply cannot be used"
_GONE = "Session terminated"
_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")

# What a server says wrongly is told to whoever uses it; without this it is printed as well.
for _name in ("mcp", "client"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Session:
    """A server that is spoken to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def offers(self) -> tuple[Offer, ...]:
        """List its tools; raises Down when it does not stop listing, or names one twice."""
        found: dict[str, Offer] = {}
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._client.list_tools(cursor=cursor)
            for tool in page.tools:
                if tool.name in found:
                    raise Down(f"it lists the tool {line(tool.name)} twice")
                found[tool.name] = _offer(tool)
            cursor = page.next_cursor
            if cursor is None or len(found) > MOST_TOOLS:
                break
        if cursor is not None or len(found) > MOST_TOOLS:
            raise Down(
                f"it lists more than {MOST_TOOLS:,} tools, or on more than {MOST_PAGES} pages"
            )
        return tuple(found.values())

    async def call(
        self, tool: str, arguments: Mapping[str, JsonValue], talk: Talk
    ) -> CallToolResult | NoResult:
        """Use a tool; raises Down when the server is gone."""
        try:
            with talk.current():
                return await self._client.call_tool(
                    tool, dict(arguments), progress_callback=talk.progress
                )
        except MCPError as cause:
            lost = cause.code == INVALID_REQUEST and cause.message == _GONE
            if lost or cause.code == CONNECTION_CLOSED:
                raise Down(line(cause.message)) from cause
            return NoResult(f"error {cause.code}: {line(cause.message, 2_000)}", REPORTED)
        except ValidationError as cause:
            mistakes = f"{cause.error_count()} mistakes"
            return NoResult(f"its reply is not as the protocol says: {mistakes}", UNUSABLE)
        except Exception as cause:  # noqa: BLE001  (no reply of a server ends a call)
            said = line(str(cause), 2_000) or type(cause).__name__
            return NoResult(f"its reply cannot be used: {said}", UNUSABLE)


@asynccontextmanager
async def opened(server: Server, around: Surroundings, life: Life) -> AsyncGenerator[Session]:
    """Connect in whichever era of the protocol the server speaks; at the end nothing is left."""

    async def asked(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001  (the SDK's name)
        talk = life.asking()
        return ElicitResult(action="decline") if talk is None else await elicited(talk, params)

    async def heard(message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification):
            life.stale = True

    async with Client(
        _streams(server, around, life),
        mode="auto",
        cache=None,
        elicitation_callback=asked,
        message_handler=heard,
        client_info=Implementation(name="hocket", version=version("hocket")),
    ) as client:
        yield Session(client)


def _streams(server: Server, around: Surroundings, life: Life) -> Transport:
    if server.command:
        return stdio(around.order(server), life.ended)
    return web(filled(server.url, around.environ), around.filled(server.headers))


def _offer(tool: Tool) -> Offer:
    hints: dict[str, JsonValue] = {}
    if tool.annotations is not None:
        said = tool.annotations.model_dump(mode="json", by_alias=True, exclude_none=True)
        hints = {name: said[name] for name in _HINTS if name in said}
    return Offer(tool.name, tool.description or "", tool.input_schema, hints)
