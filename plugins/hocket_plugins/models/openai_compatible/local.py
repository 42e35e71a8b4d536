"""A model server on this machine (Ollama, LM Studio), found by asking it."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hocket_plugins.models.openai_compatible.catalogue import listed
from hocket_plugins.models.openai_compatible.fields import table
from hocket_plugins.models.openai_compatible.provider import OpenAiProvider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket_plugins.models.openai_compatible.settings import OpenAiSection

PATIENCE_S = 0.2
VARIABLE = "HOCKET_LOCAL_SERVERS"
"""`none` in it: no port of this machine is asked."""
_MOST = 1_000_000


class LocalProvider(OpenAiProvider):
    """The models of the first server here that answers; it never gets a key or a header."""

    name = "local"
    lonely = True

    def __init__(self, section: OpenAiSection) -> None:
        self._addresses = section.local
        first = next(iter(section.local), "127.0.0.1:11434")
        super().__init__(_without_keys(section, first), {})

    def found(self, env: Mapping[str, str]) -> str | None:  # noqa: ARG002  the protocol's name
        """Say that a server answered, once it was looked for."""
        return self._answered

    def advice(self) -> str:
        """Say where a server was looked for."""
        where = " or ".join(self._addresses) or "any port: [openai] local is empty"
        return f"no model server answers on {where}"

    def probe(self, env: Mapping[str, str]) -> str | None:
        """Ask the addresses of this machine one after the other; the first that answers is it."""
        addresses = () if env.get(VARIABLE) == "none" else self._addresses
        for address in addresses:
            if answers(address):
                self._url = f"http://{address}/v1"
                self._answered = f"a model server answers on {address}"
                break
        return self._answered

    _answered: str | None = None


def answers(address: str) -> bool:
    """Say whether a server lists models there, within 200 ms."""
    asked = urlsplit(f"//{address}")
    ends = time.perf_counter() + PATIENCE_S
    try:
        with socket.create_connection((asked.hostname, asked.port), PATIENCE_S) as peer:
            # HTTP/1.0: the answer is not sent in chunks, and it ends with the connection.
            peer.sendall(f"GET /v1/models HTTP/1.0\r\nHost: {address}\r\n\r\n".encode())
            head, _, body = _read(peer, ends).partition(b"\r\n\r\n")
        return head.split(b" ")[1:2] == [b"200"] and _has_models(body)
    except (OSError, ValueError):
        return False


def _read(peer: socket.socket, ends: float) -> bytes:
    """Read to the end, which must come in time: a silent or endless server is none."""
    answer = b""
    while len(answer) < _MOST and (left := ends - time.perf_counter()) > 0:
        peer.settimeout(left)
        if not (piece := peer.recv(65_536)):
            return answer
        answer += piece
    return b""


def _has_models(body: bytes) -> bool:
    return bool(listed(table(json.loads(body))))


def _without_keys(section: OpenAiSection, address: str) -> OpenAiSection:
    bare: dict[str, object] = {"base_url": f"http://{address}/v1", "headers": {}, "query": {}}
    return section.model_copy(update=bare)
