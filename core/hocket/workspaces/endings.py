"""Work that a cancellation may delay for nobody: it is done first, and then one is cancelled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


async def to_the_end(work: Coroutine[object, object, T]) -> T:
    """Do the work whole; a cancellation meanwhile is raised when it is done."""
    # Owned here: this function does not return before the task has.
    task = asyncio.get_running_loop().create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cause:
            cancelled = cause
    if cancelled is not None:
        raise cancelled from task.exception()
    return task.result()
