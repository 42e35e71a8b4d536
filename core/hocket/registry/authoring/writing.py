"""Puts a file in place as a whole: who reads sees the old bytes or the new ones."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PART = ".part"
"""Ends the name of what is being written."""
_MODES = {"f": 0o666, "x": 0o777}
"""Before the person's mask, as for every file they make."""


def replace(file: Path, content: bytes, kind: str = "f") -> None:
    """Write beside it, flush, rename; raises OSError, and the file is as it was."""
    # One name, so that what a killed command left is found and used up by the next one.
    aside = file.with_name(f".{file.name}{PART}")
    try:
        aside.unlink(missing_ok=True)
        opened = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODES[kind])
        with os.fdopen(opened, "wb") as writer:
            writer.write(content)
            writer.flush()
            os.fsync(opened)
        aside.replace(file)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
