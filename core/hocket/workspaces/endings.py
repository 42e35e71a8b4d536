"""Work that a cancellation may delay for nobody: it is done first, and then one is cancelled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


async def to_the_end(
    work: Coroutine[object, object, T], *, cancelled: Callable[[], None] = lambda: None
) -> T:
    """Do the work whole; a cancellation meanwhile is raised when it is done.

    `cancelled` is called when one comes, so that the work may hurry.
    """
    # Owned here: this function does not return before the task has.
    task = asyncio.get_running_loop().create_task(work)
    waiting: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cause:
            waiting = cause
            cancelled()
    if waiting is not None:
        raise waiting from task.exception()
    return task.result()
