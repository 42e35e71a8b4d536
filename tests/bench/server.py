"""A fast stand-in for a model service: one process, answers made of ready bytes, keep-alive.

It answers `POST /v1/messages` with a stream, after `lat` ms and of `size` characters as the
prompt says (`id=3; lat=50; size=200; …`), and counts: tests of speed ask it, not hocket, how
many calls were made. `GET /__stats` tells, `POST /__reset` forgets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections import Counter
from functools import cache

ASKED = re.compile(rb"id=(\d+);(?: lat=(\d+);)?(?: size=(\d+);)?")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STREAMED = re.compile(rb'"stream": *true')
CHARACTERS = 200
PIECES = 8
"""Into so many deltas an answer is cut; with the frame around it that makes about 15 events."""
SENTENCE = "The loop reads past the end of its input when the last line has no newline. "
MODEL = {
    "id": "standin",
    "type": "model",
    "line": "standin",
    "lifecycle": "active",
    "max_input_tokens": 1_000_000,
    "max_tokens": 64_000,
    "capabilities": {},
}


class Counts:
    """What was asked since the last reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget all."""
        self.asked: Counter[int] = Counter()
        self.answered: list[int] = []
        self.flying = self.most = 0
        self.first_ms = self.last_ms = 0.0

    def begin(self, number: int) -> None:
        """Count a request."""
        self.first_ms = self.first_ms or time.time() * 1000
        self.asked[number] += 1
        self.flying += 1
        self.most = max(self.most, self.flying)

    def end(self, number: int) -> None:
        """Count its answer."""
        self.flying -= 1
        self.answered.append(number)
        self.last_ms = time.time() * 1000

    def told(self) -> bytes:
        """Tell all of it."""
        repeated = sum(count - 1 for count in self.asked.values())
        said = {
            "calls": self.asked.total(),
            "asked": sorted(self.asked),
            "answered": self.answered,
            "repeated": repeated,
            "most_in_flight": self.most,
            "first_ms": self.first_ms,
            "last_ms": self.last_ms,
        }
        return json.dumps(said).encode()


class Connection(asyncio.Protocol):
    """One client; requests on it come one after another."""

    def __init__(self, counts: Counts, loop: asyncio.AbstractEventLoop) -> None:
        self._counts, self._loop = counts, loop
        self._seen = b""
        self._out: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._seen += data
        while (end := self._seen.find(b"\r\n\r\n")) >= 0:
            said = LENGTH.search(self._seen, 0, end)
            whole = end + 4 + (int(said[1]) if said else 0)
            if len(self._seen) < whole:
                return
            request, self._seen = self._seen[:whole], self._seen[whole:]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        if request.startswith(b"POST /v1/messages"):
            self._message(request)
        elif request.startswith(b"GET /__stats"):
            self._out.write(_http(b"application/json", self._counts.told()))
        elif request.startswith(b"POST /__reset"):
            self._counts.reset()
            self._out.write(_http(b"application/json", b"{}"))
        else:
            self._out.write(_http(b"application/json", json.dumps(MODEL).encode()))

    def _message(self, request: bytes) -> None:
        found = ASKED.search(request)
        number, wait_ms, size = (int(one or 0) for one in (found.groups() if found else (0, 0, 0)))
        self._counts.begin(number)
        streamed = STREAMED.search(request) is not None
        reply = _reply(size or CHARACTERS, streamed=streamed)
        if wait_ms:
            self._loop.call_later(wait_ms / 1000, self._send, number, reply)
        else:
            self._send(number, reply)

    def _send(self, number: int, reply: bytes) -> None:
        self._counts.end(number)
        if not self._out.is_closing():
            self._out.write(reply)


@cache
def _reply(size: int, *, streamed: bool) -> bytes:
    """Make the answer of that size, once."""
    text = (SENTENCE * (size // len(SENTENCE) + 1))[:size]
    usage = {"input_tokens": 60, "output_tokens": size // 4}
    message = {
        "id": "msg_bench",
        "type": "message",
        "role": "assistant",
        "model": "standin",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    if not streamed:
        whole = {"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
        return _http(b"application/json", json.dumps(message | whole).encode())
    step = -(-size // PIECES)
    empty = {"type": "text", "text": ""}
    over = {"stop_reason": "end_turn", "stop_sequence": None}
    events = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "ping"},
        *(_delta(text[at : at + step]) for at in range(0, size, step)),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": over, "usage": {"output_tokens": size // 4}},
        {"type": "message_stop"},
    ]
    lines = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)
    return _http(b"text/event-stream", lines.encode())


def _delta(text: str) -> dict[str, object]:
    piece = {"type": "text_delta", "text": text}
    return {"type": "content_block_delta", "index": 0, "delta": piece}


def _http(kind: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n"
    return head % (kind, len(body)) + body


async def serve(port: int) -> None:
    """Serve until killed; the first line on stdout is the port."""
    loop, counts = asyncio.get_running_loop(), Counts()
    server = await loop.create_server(lambda: Connection(counts, loop), "127.0.0.1", port)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args().port))
