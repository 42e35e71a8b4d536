"""Makes what was written durable: one sync at a time, in a thread, for a whole group."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, Future
from threading import Thread
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from hocket.errors import StorageFull, StorageLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.clock import Clock
    from hocket.api.storage import HeldRun

GROUP_S = 0.05
"""How long the first unsynced byte waits at most for its sync to begin."""
STUCK_S = 30.0
"""A sync that has not returned by then counts as failed."""

T = TypeVar("T")
P = ParamSpec("P")


class _Daemon(Executor):
    """Runs each piece of work in a thread of its own that the end of the process never awaits."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start the work; a disk that hangs for ever must not keep the process alive."""
        future: Future[T] = Future()

        def work() -> None:
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - the waiter raises it
                future.set_exception(error)
            else:
                future.set_result(result)

        future.set_running_or_notify_cancel()
        Thread(target=work, name="hocket-sync", daemon=True).start()
        return future


class Syncer:
    """Syncs a held run in groups; its first failure is its last sync."""

    def __init__(self, held: HeldRun, clock: Clock, *, durable: int, group_s: float) -> None:
        self.durable = durable
        """How many bytes of the journal are known to be on disk."""
        self.failure: StorageLost | None = None
        self._held = held
        self._clock = clock
        self._group_s = group_s
        self._written = durable
        self._dirty = asyncio.Event()
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        self._work: asyncio.Future[None] | None = None
        self._looping = False

    def wrote(self, size: int) -> None:
        """Hear that the journal has this many bytes now."""
        self._written = size
        self._dirty.set()

    def fail(self, failure: StorageLost) -> None:
        """Hear that storage is lost: nothing is synced any more, and every waiter is told."""
        self.failure = self.failure or failure
        self._dirty.set()
        self._tell()

    async def loop(self) -> None:
        """Sync each group until cancelled; raises what made storage fail, as soon as it does."""
        self._looping = True
        try:
            while self.failure is None:
                await self._group()
                await self.sync()
            raise self.failure
        finally:
            self._looping = False
            self._tell()

    async def _group(self) -> None:
        """Wait for something to sync, and then for what else is written in the same moment."""
        await self._dirty.wait()
        if self.failure is None and self._group_s:
            await self._clock.sleep(self._group_s)

    async def reach(self, size: int) -> None:
        """Wait until this many bytes are durable; raises what made storage fail."""
        while self.durable < size:
            if self.failure is not None:
                raise self.failure
            if self._looping:
                await self._news.wait()
            else:
                await self.sync()

    async def sync(self) -> None:
        """Sync what is written by now, if anything is; a failure is kept, not raised."""
        async with self._turn:
            if self.failure is not None or not self._dirty.is_set():
                return
            self._dirty.clear()
            size = self._written
            try:
                await self._in_time()
            except* StorageLost as group:
                self.fail(_first(group))
            else:
                self.durable = size
                self._tell()

    async def _in_time(self) -> None:
        async with asyncio.TaskGroup() as group:
            alarm = group.create_task(self._alarm())
            await self._flush()
            alarm.cancel()

    async def _alarm(self) -> None:
        await self._clock.sleep(STUCK_S)
        raise StorageFull(
            "the journal",
            found=f"a sync has not returned for {STUCK_S:g} s",
            expected="a disk that answers",
            hint="Everything written is kept. Look at the disk, then resume the run.",
        )

    async def _flush(self) -> None:
        """Sync in a thread; one that a cancelled wait left behind comes first."""
        if self._work is not None:
            await asyncio.shield(self._work)
        loop = asyncio.get_running_loop()
        self._work = loop.run_in_executor(_Daemon(), self._held.sync)
        self._work.add_done_callback(_heard)
        await asyncio.shield(self._work)
        self._work = None

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _heard(work: asyncio.Future[None]) -> None:
    """Take the failure of a sync that nobody awaits any more: it was stuck, and is reported."""
    work.exception()


def _first(group: BaseExceptionGroup[StorageLost]) -> StorageLost:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
