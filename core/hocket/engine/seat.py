"""The slot of one running call: others have it while all that the call does is wait."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hocket.engine.slots import Slots


class Seat:
    """Left once, however many of the call's uses wait at a time; the last one brings it back."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._coming = asyncio.Lock()
        self._waiting = 0
        self._is_held = True

    @asynccontextmanager
    async def away(self) -> AsyncGenerator[None]:
        """Wait for something else without the slot, and come back with it."""
        self._waiting += 1
        if self._is_held:
            self._is_held = False
            self._slots.give()
        try:
            yield
        except BaseException:
            self._waiting -= 1
            if not self._waiting and not self._is_held and not self._coming.locked():
                self._slots.take()
                self._is_held = True
            raise
        self._waiting -= 1
        await self._back()

    async def _back(self) -> None:
        """Take the slot again, unless another use still waits: then that one does."""
        async with self._coming:
            if self._waiting or self._is_held:
                return
            try:
                await self._slots.again()
            finally:
                self._is_held = True
