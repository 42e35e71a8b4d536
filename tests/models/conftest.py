"""A server that says exactly the bytes it is told to, and what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self):
        return json.loads(self.raw)


@dataclass
class Answer:
    """What to send, cut into pieces, and what becomes of the connection then."""

    pieces: list[bytes]
    end: str = "keep"
    """`keep` it, `close` it cleanly, `reset` it, or `hang` until the other side goes."""


@dataclass
class Wire:
    """The server: `answers` are used up one by one, the last one stays."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    connections: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the other side left a connection that hangs."""
    _served: set[asyncio.Task[None]] = field(default_factory=set)

    def say(self, *answers):
        self.answers[:] = answers
        self.asked.clear()

    @asynccontextmanager
    async def open(self):
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            while self._served:
                for task in self._served:
                    task.cancel()
                await asyncio.wait(self._served)
            await server.wait_closed()

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._served.add(task)
        try:
            await self._speak(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._served.discard(task)

    async def _speak(self, reader, writer):
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answer(reader, writer):
                pass
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (h.partition(":") for h in head[1:]) if k}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(Asked(method, path, headers, raw))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for piece in answer.pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if answer.end == "hang":
            # Who leaves with unread bytes resets the connection.
            with contextlib.suppress(ConnectionError):
                await reader.read(1)
            self.gone.set()
        if answer.end == "reset":
            writer.transport.abort()
        return answer.end == "keep"


def http(status, body, **headers):
    """Write an answer with a length."""
    given = {
        "content-type": "application/json",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(raw)}"]
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def head(**headers):
    """Write the beginning of a stream that is sent in chunks."""
    given = {
        "content-type": "text/event-stream",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    lines = ["HTTP/1.1 200 OK", "transfer-encoding: chunked"]
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def sse(*events):
    """Write events as the Messages API does: with their names."""
    return b"".join(
        f"event: {one['type']}\ndata: {json.dumps(one, ensure_ascii=False)}\n\n".encode()
        for one in events
    )


class Bytes:
    """Makes answers."""

    http = staticmethod(http)
    head = staticmethod(head)
    chunk = staticmethod(chunk)
    sse = staticmethod(sse)
    Answer = Answer
    END = b"0\r\n\r\n"

    def refused(self, status, body, **headers):
        return Answer([http(status, body, **headers)])

    def stream(self, data, *, end="keep", **headers):
        """Write a whole stream, ended as HTTP wants it."""
        return Answer([head(**headers) + chunk(data) + self.END], end)

    def pieces(self, *data, end="keep", last=True, **headers):
        """Write a stream whose pieces arrive one by one; without `last` its end is missing."""
        tail = [self.END] if last else []
        return Answer([head(**headers), *(chunk(one) for one in data if one), *tail], end)


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def says():
    return Bytes()
