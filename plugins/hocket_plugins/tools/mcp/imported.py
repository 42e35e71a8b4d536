"""Servers of the project's `.mcp.json`, when a person trusts that file as it is."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from hocket_plugins.tools.mcp.section import is_name
from hocket_plugins.tools.mcp.server import Server

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.settings import PluginSettings

FILE = ".mcp.json"
_HTTP = frozenset({"http", "streamable-http", "streamable_http"})


def imported(settings: PluginSettings) -> tuple[dict[str, Server], list[str]]:
    """Give the servers by name, and what is said there that does not count, with the reason."""
    try:
        content = (settings.project / FILE).read_bytes()
    except OSError:
        return {}, []
    if not settings.is_trusted:
        return {}, [f"{FILE}: nobody trusts the project, so its servers do not count"]
    if settings.trusted.get(FILE) != sha256(content).hexdigest():
        return {}, [f"{FILE}: it is not trusted as it is now, so its servers do not count"]
    try:
        told: JsonValue = json.loads(content)
    except ValueError:
        told = None
    named = told.get("mcpServers") if isinstance(told, dict) else None
    if not isinstance(named, dict):
        return {}, [f"{FILE}: it is no JSON object with 'mcpServers'"]
    return _read(named)


def _read(named: dict[str, JsonValue]) -> tuple[dict[str, Server], list[str]]:
    servers: dict[str, Server] = {}
    notes: list[str] = []
    for name, said in named.items():
        server = _server(name, said) if is_name(name) and isinstance(said, dict) else None
        if server is None:
            notes.append(f"{FILE}: '{name}' is no server that can be used here")
        else:
            servers[name] = server
    return servers, notes


def _server(name: str, said: dict[str, JsonValue]) -> Server | None:
    command, args, url = said.get("command"), said.get("args") or [], said.get("url")
    variables, headers = _texts(said.get("env")), _texts(said.get("headers"))
    words = [command, *args] if isinstance(args, list) else [None]
    kind = said.get("type", "http" if url else "stdio")
    if kind == "stdio" and command and all(isinstance(word, str) for word in words):
        words = cast("list[JsonValue]", words)
        whole = tuple(str(word) for word in words)
        return Server(name=name, origin=FILE, command=whole, variables=variables)
    if kind in _HTTP and isinstance(url, str) and url.startswith(("http://", "https://")):
        return Server(name=name, origin=FILE, url=url, headers=headers)
    return None


def _texts(said: JsonValue) -> dict[str, str]:
    return {key: str(text) for key, text in said.items()} if isinstance(said, dict) else {}
