"""Taking turns, among the calls of this process and among processes."""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

_PAUSE_S = 0.02


class Turns:
    """One at a time: fair within this process, and by a kernel's lock against other processes.

    The kernel frees the lock when its process is gone, so it is never stale.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._here = asyncio.Lock()

    @property
    def is_taken(self) -> bool:
        """Whether somebody in this process has the turn."""
        return self._here.locked()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait for one's turn and keep it until the end of the block."""
        async with self._here:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                while not _taken(fd):  # noqa: ASYNC110  (nobody tells when another process lets go)
                    await asyncio.sleep(_PAUSE_S)
                yield
            finally:
                os.close(fd)


def _taken(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
