"""A decent server, made with the SDK: on standard input and output, or on a port of its own."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import sys
from typing import Annotated

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context, Image
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp_types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)
from pydantic import BaseModel

server = MCPServer("full", log_level="ERROR")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


class Sum(BaseModel):
    total: int


class City(BaseModel):
    city: str


def city() -> Elicit[City]:
    return Elicit("Which city?", City)


@server.tool(description="Adds two numbers.")
def add(a: int, b: int) -> Sum:
    return Sum(total=a + b)


@server.tool()
def long(size: int) -> str:
    """Give a long text."""
    return "begin" + "x" * size + "end"


@server.tool()
def picture() -> Image:
    """Give a picture."""
    return Image(data=PNG, format="png")


@server.tool()
def mixed() -> CallToolResult:
    """Give some of everything."""
    data = base64.b64encode(PNG).decode()
    text = TextResourceContents(uri="note://1", text="a note")
    blob = BlobResourceContents(uri="file://2", mime_type="application/pdf", blob=data)
    return CallToolResult(
        content=[
            TextContent(text="an \x1b[31munsafe\u202e text"),
            ImageContent(data="no base64!", mime_type="image/png"),
            AudioContent(data=data, mime_type="audio/wav"),
            ResourceLink(uri="https://example.org/x", name="x", description="a link"),
            EmbeddedResource(resource=text),
            EmbeddedResource(resource=blob),
        ]
    )


@server.tool()
def fails() -> str:
    """Raise."""
    raise ValueError("it broke")


@server.tool()
async def steps(context: Context, pause: float) -> str:
    """Work in steps, and tell about each."""
    for number in range(1, 5):
        await asyncio.sleep(pause)
        await context.report_progress(number, 4, f"step {number}")
    return "done"


@server.tool()
async def silent() -> str:
    """Say nothing for ever."""
    await asyncio.sleep(1000)
    return "late"


@server.tool()
def variables() -> str:
    """List the variables it sees."""
    return "\n".join(f"{name}={value}" for name, value in sorted(os.environ.items()))


@server.tool()
async def travel(where: Annotated[City, Resolve(city)]) -> str:
    """Ask a person for a city."""
    return f"off to {where.city}"


def on_port() -> None:
    """Serve on a port that the kernel chooses, and say which."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = server.streamable_http_app(stateless_http="stateless" in sys.argv)
    print(listening.getsockname()[1], flush=True)  # noqa: T201
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if "http" in sys.argv:
    on_port()
else:
    server.run()
