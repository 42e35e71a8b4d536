"""A small internet on 127.0.0.1, and `WebFetch` that takes it for the public one."""

from __future__ import annotations

import asyncio
import contextlib

import httpx2

from hocket.api.markers import hookimpl
from hocket_plugins.tools.web.fetch import WebFetch

PUBLIC = "93.184.216.34"


class Detour(httpx2.AsyncHTTPTransport):
    """Connects to the internet of the test."""

    def __init__(self, internet):
        super().__init__(verify=False, trust_env=False)
        self._internet = internet

    async def handle_async_request(self, request):
        port = await self._internet.open()
        request.url = request.url.copy_with(host="127.0.0.1", port=port)
        return await super().handle_async_request(request)


class Internet:
    """Pages by `host/path`; `asked` holds every address that somebody wanted."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        self._server = None
        self._loop = None
        self._opening = None

    def puts(self, place, body, kind="text/html; charset=utf-8"):
        raw = body.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(raw)}\r\nContent-Type: {kind}\r\n"
        self.pages[place] = f"{head}Connection: close\r\n\r\n".encode() + raw

    async def open(self):
        """Serve as long as the run's loop runs; gives the port."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._opening, self._server = loop, asyncio.Lock(), None
        async with self._opening:
            if self._server is None:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def resolve(self, host, port):
        return [PUBLIC]

    async def aclose(self):
        if self._server is not None and self._loop is asyncio.get_running_loop():
            self._server.close()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            host = next(x[6:] for x in head.split("\r\n") if x.lower().startswith("host: "))
            self.asked.append(host + path)
            missing = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            writer.write(self.pages.get(host + path, missing))
            await writer.drain()
        writer.close()


class Fetch(WebFetch):
    """The real tool, which takes its internet down with it."""

    def __init__(self, internet):
        super().__init__(resolve=internet.resolve, transport=lambda: Detour(internet))
        self._internet = internet

    async def aclose(self):
        await self._internet.aclose()


class WebKit:
    """A plugin that offers it; the plugin `tools.web` has to be blocked."""

    def __init__(self, internet):
        self._internet = internet

    @hookimpl
    def hocket_register_tools(self, settings):
        return [Fetch(self._internet)]
