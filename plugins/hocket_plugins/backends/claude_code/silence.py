"""How long nothing may be heard; it does not count while a tool runs or somebody is asked."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator


class Silence:
    """The silence of one session."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._busy: set[str] = set()
        self._asking = 0
        self._timeout: asyncio.Timeout | None = None

    @asynccontextmanager
    async def bounded(self) -> AsyncGenerator[None]:
        """Raise TimeoutError once nothing was heard for so long."""
        async with asyncio.timeout(None) as timeout:
            self._timeout = timeout
            self.broken()
            try:
                yield
            finally:
                self._timeout = None

    def broken(self) -> None:
        """Note that something was heard."""
        if self._timeout is not None:
            waits = bool(self._busy or self._asking)
            now = asyncio.get_running_loop().time()
            self._timeout.reschedule(None if waits else now + self.limit_s)

    def began(self, use: str) -> None:
        """Note that a tool runs."""
        self._busy.add(use)
        self.broken()

    def ended(self, use: str) -> None:
        """Note that it has its result."""
        self._busy.discard(use)

    @contextmanager
    def asking(self) -> Generator[None]:
        """Wait for policies, or a person."""
        self._asking += 1
        self.broken()
        try:
            yield
        finally:
            self._asking -= 1
            self.broken()
