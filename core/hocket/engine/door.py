"""The door of a live run: a socket in its folder that takes one JSON line per wish."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import tempfile
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from pydantic import JsonValue

    Obey = Callable[[JsonValue], dict[str, JsonValue]]

MOST_BYTES = 65_536
MOST_CONNECTIONS = 64
_LONGEST_PATH = 100
_SHORT = 12
_CREDENTIALS = struct.Struct("3i")


class Door:
    """Hands wishes in and answers out; whoever misbehaves loses their own connection only."""

    def __init__(self, obey: Obey, warn: Callable[[str], None]) -> None:
        self._obey = obey
        self._warn = warn
        self._peers: dict[asyncio.StreamWriter, asyncio.Task[object] | None] = {}

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncGenerator[None]:
        """Listen at `control.sock` in the run's folder.

        Where there can be no socket the run goes on without; only signals steer it then.
        """
        directory = os.open(folder, os.O_DIRECTORY | os.O_CLOEXEC)
        path = address(folder, directory)
        try:
            server = await self._server(path)
            try:
                yield
            finally:
                await self._close(server, path)
        finally:
            os.close(directory)

    async def _server(self, path: str) -> asyncio.Server | None:
        try:
            _remove(path)
            return await asyncio.start_unix_server(self._serve, path, limit=MOST_BYTES)
        except OSError as error:
            self._warn(f"the run cannot be steered from outside: {error.strerror or error}.")
            return None

    async def _close(self, server: asyncio.Server | None, path: str) -> None:
        if server is None:
            return
        server.close()
        # Newer Pythons wait for every open connection: one that says nothing would hold the run.
        talks = [talk for talk in self._peers.values() if talk is not None]
        for peer in self._peers:
            peer.transport.abort()
        if talks:
            await asyncio.wait(talks)
        await server.wait_closed()
        _remove(path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._peers[writer] = asyncio.current_task()
        try:
            if len(self._peers) <= MOST_CONNECTIONS and _is_same_user(writer):
                await self._talk(reader, writer)
        except (ValueError, RecursionError, OSError):
            pass  # garbage or a vanished client closes its own connection only
        finally:
            del self._peers[writer]
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            answer = self._obey(json.loads(line))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()


def address(folder: Path, directory: int, through: Path = Path("/proc/self/fd")) -> str:
    """Name the socket of a run by an open descriptor of its folder: a path has 108 bytes at most.

    Where no descriptor has a path, a folder that lies too deep has its socket among the
    temporary files; who may use it is asked of the kernel in any case.
    """
    named = through / str(directory) / "control.sock"
    if named.parent.exists():
        return str(named)
    if len(os.fsencode(folder)) < _LONGEST_PATH:
        return str(folder / "control.sock")
    short = sha256(os.fsencode(folder)).hexdigest()[:_SHORT]
    return str(Path(tempfile.gettempdir()) / f"hocket-{os.getuid()}-{short}.sock")


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108


def _is_same_user(writer: asyncio.StreamWriter) -> bool:
    """Say whether the peer runs under our own user, where the system can tell."""
    peer = writer.get_extra_info("socket")
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None or peer is None:
        return True
    credentials = peer.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(credentials)[1] == os.getuid())
