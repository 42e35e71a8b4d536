"""The channel to a live run: a socket in its folder that takes one JSON line per wish."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.calls import EndState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from pydantic import JsonValue

    from hocket.engine.flight import Flight
    from hocket.engine.run import Run

    Wish = dict[str, JsonValue]

MOST_BYTES = 65_536
MOST_CONNECTIONS = 64
_CREDENTIALS = struct.Struct("3i")


class Control:
    """Does what people wish of a live run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._connections = 0
        self._verbs: dict[str, Callable[[Wish], Wish]] = {
            "status": self._status,
            "stop": self._stop,
            "pause": self._pause,
            "go_on": self._go_on,
            "skip": self._skip,
            "restart": self._restart,
            "answer": self._answer,
        }

    def obey(self, wish: JsonValue) -> Wish:
        """Do one wish; the answer says what was wrong with a wish that made no sense."""
        verb = wish.get("verb") if isinstance(wish, dict) else None
        if not isinstance(wish, dict) or not isinstance(verb, str) or verb not in self._verbs:
            return _no(f"unknown wish {verb!r}; known: {', '.join(self._verbs)}")
        return self._verbs[verb](wish)

    @asynccontextmanager
    async def listen(self, folder: Path) -> AsyncGenerator[None]:
        """Listen at `control.sock` in the run's folder while the run lives."""
        directory = os.open(folder, os.O_DIRECTORY | os.O_CLOEXEC)
        path = _socket_path(folder, directory)
        try:
            with suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108
            server = await asyncio.start_unix_server(self._serve, path, limit=MOST_BYTES)
            async with server:
                yield
            with suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108
        finally:
            os.close(directory)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        try:
            if self._connections <= MOST_CONNECTIONS and _is_same_user(writer):
                await self._talk(reader, writer)
        except (ValueError, ConnectionError, asyncio.LimitOverrunError):
            pass  # garbage or a vanished client closes its own connection only
        finally:
            self._connections -= 1
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            answer = self.obey(json.loads(line))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    def _status(self, _wish: Wish) -> Wish:
        flights = self._run.calls.in_flight
        running = [f.call.number for f in flights if f.task is not None]
        state = "paused" if self._run.paused else "running"
        return {
            "ok": True,
            "state": state,
            "running": [*running],
            "waiting": len(flights) - len(running),
        }

    def _stop(self, _wish: Wish) -> Wish:
        self._run.leave("stopped", "by a person")
        return {"ok": True}

    def _pause(self, _wish: Wish) -> Wish:
        self._run.pause()
        return {"ok": True}

    def _go_on(self, _wish: Wish) -> Wish:
        self._run.go_on()
        return {"ok": True}

    def _skip(self, wish: Wish) -> Wish:
        flight = self._flight(wish)
        if flight is None:
            return _no(f"call {wish.get('call')} is not in flight")
        self._run.calls.end([flight], EndState.SKIPPED, "by a person")
        return {"ok": True}

    def _restart(self, wish: Wish) -> Wish:
        flight = self._flight(wish)
        if flight is None or flight.task is None:
            return _no(f"call {wish.get('call')} is not running")
        flight.restart()
        return {"ok": True}

    def _answer(self, wish: Wish) -> Wish:
        question, answer = wish.get("question"), wish.get("answer")
        if not self._run.questions.answer(str(question), str(answer)):
            return _no(f"no question {question} is open")
        return {"ok": True}

    def _flight(self, wish: Wish) -> Flight | None:
        number = wish.get("call")
        return next((f for f in self._run.calls.in_flight if f.call.number == number), None)


def _socket_path(folder: Path, directory: int) -> str:
    """Name the socket through its folder's descriptor: a path is limited to 108 bytes."""
    through = Path(f"/proc/self/fd/{directory}")
    return str((through if through.exists() else folder) / "control.sock")


def _no(reason: str) -> Wish:
    return {"ok": False, "error": reason}


def _is_same_user(writer: asyncio.StreamWriter) -> bool:
    """Say whether the peer runs under our own user, where the system can tell."""
    peer = writer.get_extra_info("socket")
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None or peer is None:
        return True
    credentials = peer.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(credentials)[1] == os.getuid())
