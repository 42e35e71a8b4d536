"""What the operating system says, as the two errors of a store."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hocket.errors import StorageFull, StorageLost

if TYPE_CHECKING:
    from collections.abc import Generator

_LINKS = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}
_GONE = {errno.ENOENT, errno.ESTALE, errno.EISDIR, errno.ENXIO}


def storage_error(who: str, error: OSError) -> StorageLost:
    """Say which of the two it is: not ours any more, or not writable."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in _LINKS:
        return StorageLost(
            who,
            found=f"a link or a file lies where a folder or a file of the run must be ({reason})",
            expected="files that hocket made",
            hint="No link is followed and its target was not touched. Remove it, then try again.",
        )
    if error.errno in _GONE:
        return StorageLost(
            who,
            found=f"a file or folder of it is gone ({reason})",
            expected="the files that this process wrote",
            hint="Nothing is written any more. See what became of the folder.",
        )
    return StorageFull(
        who,
        found=f"cannot be written ({reason})",
        expected="a disk with space that may be written",
        hint="Everything committed is kept. Make it writable, then resume the run.",
    )


@contextmanager
def told_as(who: str) -> Generator[None]:
    """Turn an OSError into StorageLost or StorageFull."""
    try:
        yield
    except OSError as error:
        raise storage_error(who, error) from error
