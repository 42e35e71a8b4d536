"""Bytes on a connection: in pieces, with pauses, and to any end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from hocket.testing.standin.faults import PING_S, Ending
from hocket.testing.standin.frames import cut
from hocket.testing.standin.heads import LAST_CHUNK, chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.clock import Clock
    from hocket.testing.standin.connection import Connection
    from hocket.testing.standin.draws import Draws
    from hocket.testing.standin.faults import Acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One response body and its head."""

    head: bytes
    acts: Acts
    ending: Ending
    chunked: bool
    ping: bytes
    ping_s: float = PING_S

    async def play(self, connection: Connection, clock: Clock, draws: Draws) -> bool:
        """Send all of it; what lies between two pauses is one write. False: no more requests."""
        ready = bytearray(self.head)
        for act in _joined(self.acts):
            if isinstance(act, bytes):
                ready += b"".join(map(chunk, cut(act, draws))) if self.chunked else act
            else:
                await connection.send(bytes(ready))
                ready.clear()
                await clock.sleep(act)
        if self.ending is Ending.CLEAN:
            await connection.send(bytes(ready) + (LAST_CHUNK if self.chunked else b""))
            return True
        await connection.send(bytes(ready))
        while self.ending is Ending.PINGS:
            await clock.sleep(self.ping_s)
            await connection.send(chunk(self.ping))
        if self.ending is Ending.RESET:
            connection.reset()
        return False


def _joined(acts: Acts) -> Iterator[bytes | float]:
    """Join the bytes that no pause parts."""
    for is_bytes, group in groupby(acts, lambda act: isinstance(act, bytes)):
        if is_bytes:
            yield b"".join(act for act in group if isinstance(act, bytes))
        else:
            yield from group
