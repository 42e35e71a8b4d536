"""The little of HTTP/1.1 that clients of an API speak."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_END = b"\r\n\r\n"
JSON, EVENTS, HTML = "application/json", "text/event-stream; charset=utf-8", "text/html"
LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One whole request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Their names in lower case."""
    body: bytes


class BadRequest(Exception):
    """Bytes that are no request this server can read."""


class Reader:
    """Collects bytes until they are a whole request."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._head: tuple[str, str, dict[str, str]] | None = None
        self._missing = 0

    def feed(self, data: bytes) -> None:
        """Add what arrived."""
        self._bytes += data

    def take(self) -> Request | None:
        """Give the next request, or None while it is not whole; raises BadRequest."""
        if self._head is None and not self._take_head():
            return None
        if self._head is None or len(self._bytes) < self._missing:
            return None
        (method, target, headers), self._head = self._head, None
        body = bytes(self._bytes[: self._missing])
        del self._bytes[: self._missing]
        url = urlsplit(target)
        query = dict(parse_qsl(url.query)) if url.query else {}
        return Request(method, unquote(url.path), query, headers, body)

    def _take_head(self) -> bool:
        end = self._bytes.find(_END)
        if end < 0:
            return False
        start, *lines = self._bytes[:end].decode("latin-1").split("\r\n")
        del self._bytes[: end + len(_END)]
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        words, size = start.split(" "), headers.get("content-length", "0")
        if len(words) != 3 or not size.isdecimal() or "transfer-encoding" in headers:  # noqa: PLR2004  method, target, version
            raise BadRequest(f"no request line, or no content-length: {start!r}")
        self._head, self._missing = (words[0], words[1], headers), int(size)
        return True


def head(status: int, kind: str, extra: Mapping[str, str], size: int | None) -> bytes:
    """Write the head of a response; without a size its body comes in chunks."""
    phrase = HTTPStatus(status).phrase if status in _KNOWN else "Unknown"
    framing = "transfer-encoding: chunked" if size is None else f"content-length: {size}"
    lines = [f"HTTP/1.1 {status} {phrase}", f"content-type: {kind}", framing]
    lines += [f"{name}: {value}" for name, value in extra.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def chunk(data: bytes) -> bytes:
    """Frame a piece of a body; an empty one would end it, so it becomes nothing."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


_KNOWN = frozenset(map(int, HTTPStatus))
