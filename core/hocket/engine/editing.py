"""One call's turn at the project's own tree: from its first edit on, no other call edits there."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hocket.engine.activity import Activity
    from hocket.engine.grounds import Grounds


class Editing:
    """Taken when a call is about to write, not before: calls that only could do not queue."""

    def __init__(self, grounds: Grounds, activity: Activity) -> None:
        self._grounds = grounds
        self._activity = activity
        self._one_at_a_time = asyncio.Lock()
        self._turn: AsyncExitStack | None = None
        self._lent = 0
        self._back = asyncio.Event()

    async def begin(self) -> None:
        """Take the turn, if this call does not have it; its time stands still while it waits."""
        while self._lent:
            async with self._activity.away():
                await self._back.wait()
        async with self._one_at_a_time:
            if self._turn is not None:
                return
            turn = AsyncExitStack()
            try:
                await self._take(turn)
            except BaseException:
                await turn.aclose()
                raise
            self._turn = turn

    async def end(self) -> None:
        """Give the turn back, if this call has it."""
        turn, self._turn = self._turn, None
        if turn is not None:
            await turn.aclose()

    @asynccontextmanager
    async def lent(self) -> AsyncGenerator[None]:
        """Give the turn back while an agent of this call's own works, which may need it.

        A write of the same model turn waits until that one is done: it would hold what the other
        waits for, and itself be waited for.
        """
        self._lent += 1
        self._back.clear()
        try:
            await self.end()
            yield
        finally:
            self._lent -= 1
            if not self._lent:
                self._back.set()

    async def _take(self, turn: AsyncExitStack) -> None:
        if not self._grounds.is_edited:
            await turn.enter_async_context(self._grounds.editing())
            return
        # Whoever has the turn may need a slot to come to its end.
        async with self._activity.away():
            await turn.enter_async_context(self._grounds.editing())
