"""Where the files of a report are: in the run's folder, and in a folder that a person named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.errors import HocketError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.storage import Store

FILES = ("report.md", "report.html", "result.json", "report.sarif", "report.csv")
"""The files a person looks at, the one to read first in front."""


def there(store: Store, run_id: str) -> list[str]:
    """List the report files that a run has; none for a result that is no report."""
    found = [name for name in FILES if store.peek(run_id, name) is not None]
    return found if FILES[0] in found else []


def usable(folder: Path) -> None:
    """Refuse a place for copies that is a file, before anything is spent."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            "--out",
            found=f"{folder} is a file",
            expected="a folder, there or not",
            hint="Nothing was started.",
        )


def copy(store: Store, run_id: str, folder: Path) -> list[str]:
    """Copy the files of a run's result to a folder; a link that lies there is replaced."""
    contents = {name: store.peek(run_id, name) for name in FILES}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            if content is not None:
                _put(folder / name, content)
    except OSError as error:
        raise HocketError(
            "--out",
            found=f"{folder} cannot be written ({error.strerror})",
            hint=f"The run is done, and its files are in {store.path(run_id)}",
        ) from error
    return [name for name, content in contents.items() if content is not None]


def _put(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with draft.open("xb") as opened:
        opened.write(content)
    os.replace(draft, file)  # noqa: PTH105  (the rename is the point)
