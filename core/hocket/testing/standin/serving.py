"""A stand-in beside a test that has no event loop, or one whose clock jumps."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from hocket.testing.standin.server import StandIn

if TYPE_CHECKING:
    from collections.abc import Generator


class _Beside(threading.Thread):
    """Serves on a loop of its own; what ends it early is kept for the thread that waits."""

    def __init__(self, server: StandIn) -> None:
        super().__init__(name="standin", daemon=True)
        self.failure: BaseException | None = None
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._settled = threading.Event()

    def run(self) -> None:
        """Serve until the end is called for."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._live())
        except BaseException as failure:  # noqa: BLE001  raised again by the thread that waits
            self.failure = failure
        self._settled.set()

    def begin(self) -> None:
        """Start, and wait until it listens or failed to."""
        self.start()
        self._settled.wait()

    def end(self) -> None:
        """Stop, and wait until nothing is left."""
        with suppress(RuntimeError):  # the loop is closed: something ended it before us
            self._loop.call_soon_threadsafe(self._over.set)
        self.join()

    async def _live(self) -> None:
        async with self._server:
            self._settled.set()
            await self._over.wait()


@contextmanager
def serving(server: StandIn | None = None) -> Generator[StandIn]:
    """Serve from a thread of its own until the `with` ends; raises what a rule raised."""
    served = server or StandIn()
    beside = _Beside(served)
    beside.begin()
    try:
        yield served
    finally:
        beside.end()
        if beside.failure is not None:
            raise beside.failure
