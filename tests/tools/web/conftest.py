"""A small internet: names and public addresses, behind all of them real servers on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING

import httpx2
import pytest

from hocket.testing import ScriptedToolContext
from hocket.testing import run as run_jumping
from hocket_plugins.tools.web import resolver
from hocket_plugins.tools.web.fetch import WebFetch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from hocket.api.tools import ToolOutput

    Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]

PUBLIC = "93.184.216.34"


def reply(
    body: bytes | str = b"",
    kind: str | None = "text/plain; charset=utf-8",
    status: int = 200,
    **headers: str,
) -> bytes:
    """Write a reply as it goes over the wire."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Some Words", f"Content-Length: {len(raw)}"]
    lines += [f"Content-Type: {kind}"] if kind is not None else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + raw


class Detour(httpx2.AsyncHTTPTransport):
    """Connects to the test's server instead, and notes where it should have gone."""

    def __init__(self, internet: Internet) -> None:
        super().__init__(verify=internet.trusted, trust_env=False)
        self._internet = internet

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        port = request.url.port or {"http": 80, "https": 443}[request.url.scheme]
        self._internet.dialled.append((request.url.host, port))
        if request.url.host in self._internet.dead:
            raise httpx2.ConnectError("nobody is there")
        request.url = request.url.copy_with(
            host="127.0.0.1", port=self._internet.ports[request.url.scheme]
        )
        return await super().handle_async_request(request)


class Internet:
    """Pages by `host/path`; a name leads to a public address unless it is told otherwise."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Handler] = {}
        self.names: dict[str, list[list[str]]] = {}
        """Answers to the first, second… question for a name; the last one stays."""
        self.dead: set[str] = set()
        self.asked: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.requests: list[str] = []
        self.served_as: list[str | None] = []
        """The names that clients asked for when they began to encrypt."""
        self.ports: dict[str, int] = {}
        self.trusted: ssl.SSLContext | bool = False
        self.certificate: Path | None = None
        self.sent = 0
        self.writers: set[asyncio.StreamWriter] = set()

    def puts(
        self,
        place: str,
        body: bytes | str = "",
        kind: str | None = "text/plain; charset=utf-8",
        status: int = 200,
        **headers: str,
    ) -> None:
        """Put content at `host/path`."""
        self.pages[place] = reply(body, kind, status, **headers)

    def shows(self, place: str, html: str) -> None:
        """Put a page at `host/path`."""
        self.puts(place, html, "text/html; charset=utf-8")

    def moves(self, place: str, location: str, status: int = 302) -> None:
        """Redirect `host/path`."""
        self.puts(place, "", None, status, Location=location)

    def transport(self) -> Detour:
        """Make a way to connect that ends here."""
        return Detour(self)

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host[-1].isdigit() or ":" in host:
            return await resolver.system(host, port)
        return self._named(host)

    def _named(self, host: str) -> list[str]:
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            path = head.split(" ")[1]
            host = next(
                line[6:] for line in head.split("\r\n") if line.lower().startswith("host: ")
            )
            answer = self.pages.get(host + path, reply("", None, 404))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self.writers.discard(writer)

    @contextlib.asynccontextmanager
    async def up(self):
        """Serve while the context lasts."""
        servers = {"http": await asyncio.start_server(self.serve, "127.0.0.1", 0)}
        if self.certificate:
            servers["https"] = await asyncio.start_server(
                self.serve, "127.0.0.1", 0, ssl=self._encrypted(self.certificate)
            )
        self.ports = {name: one.sockets[0].getsockname()[1] for name, one in servers.items()}
        try:
            yield
        finally:
            for one in servers.values():
                one.close()
            while self.writers:
                for writer in self.writers:
                    writer.transport.abort()
                await asyncio.sleep(0.01)

    def _encrypted(self, certificate: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _, name, __: self.served_as.append(name)
        return context


class Reader:
    """An agent with `WebFetch` in that internet."""

    def __init__(self, internet: Internet, tmp_path: Path) -> None:
        self.internet = internet
        self.tool = WebFetch(resolve=internet.resolve, transport=internet.transport)
        self.context = ScriptedToolContext(tmp_path)
        self.took = 0.0
        """On a jumping loop, the seconds that went by."""

    def may(self, *urls: str) -> None:
        self.context.found(urls)

    def fetches(self, *wishes: str | dict[str, object], jumping: bool = False) -> list[ToolOutput]:
        """Fetch one after the other."""

        async def all_of_them() -> list[ToolOutput]:
            async with self.internet.up():
                outputs = [await self.use(wish) for wish in wishes]
                self.took = asyncio.get_running_loop().time()
            return outputs

        return (run_jumping if jumping else asyncio.run)(all_of_them())

    async def use(self, wish: str | dict[str, object]) -> ToolOutput:
        arguments = {"url": wish} if isinstance(wish, str) else wish
        return await self.tool.run(arguments, self.context)

    def reads(self, url: str, *, jumping: bool = False) -> ToolOutput:
        """Fetch an address that the task names."""
        self.may(url)
        return self.fetches(url, jumping=jumping)[0]

    def text(self, url: str) -> str:
        """Fetch what can be fetched; gives what stands below the first line."""
        output = self.reads(url)
        assert not output.is_error, output.text
        return output.text.partition("\n")[2]

    def refusal(self, url: str) -> str:
        """Fetch what cannot be fetched; gives the reason."""
        output = self.reads(url)
        assert output.is_error, output.text
        return output.text.removeprefix("not fetched: ")


@pytest.fixture
def internet() -> Internet:
    return Internet()


@pytest.fixture
def reader(internet: Internet, tmp_path: Path) -> Reader:
    return Reader(internet, tmp_path)
