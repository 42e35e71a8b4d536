"""Makes a folder with files in it; what is there is never touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import HocketError, UsageError
from hocket.paths import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def make(who: str, folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a new folder, or fill an empty one; raises UsageError where anything lies in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise _taken(who, folder)
        for path in sorted(files):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as opened:
                opened.write(files[path])
    except FileExistsError as cause:
        raise _taken(who, folder) from cause
    except OSError as cause:
        raise HocketError(
            who,
            found=f"{shown(folder, folder.parent)} cannot be made ({cause.strerror})",
            expected="a folder that can be written to",
            hint="What was made before stays.",
        ) from cause


def _taken(who: str, folder: Path) -> UsageError:
    return UsageError(
        who,
        found=f"{shown(folder, folder.parent)} is there already",
        expected="a new folder, or an empty one",
        hint="Nothing was written.",
    )
