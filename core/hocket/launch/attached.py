"""`inputs=`: files handed to an agent, by path and digest, kept with the run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hocket.api.calls import Attached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.scripts import Script

MOST_FILES = 10_000
MOST_BYTES = 64 << 20


class Attachments:
    """Reads what `inputs=` names inside the project, and keeps the bytes by their digest."""

    def __init__(self, root: Path, keep: Callable[[str, bytes], None]) -> None:
        self._root = root.resolve()
        self._keep = keep

    def attach(self, script: Script, inputs: list[JsonValue]) -> tuple[Attached, ...]:
        """Take the files as they are now; ValueError names a path that cannot be used."""
        size = [0, 0]
        return tuple(self._one(script, item, size) for item in inputs)

    def _one(self, script: Script, item: JsonValue, size: list[int]) -> Attached:
        path = item.get("path") if isinstance(item, dict) else item
        if not isinstance(path, str) or not path:
            raise TypeError(f"agent(inputs): {item!r} is not a path")
        untrusted = isinstance(item, dict) and item.get("untrusted") is True
        base = self._root
        name = path
        if path.startswith("bundle:"):
            base = (self._root / script.path).resolve().parent
            name = path.removeprefix("bundle:")
        found = (base / name).resolve()
        if not found.is_relative_to(base):
            raise ValueError(f"agent(inputs): {path} is outside the project")
        if not found.exists():
            raise ValueError(f"agent(inputs): {path} does not exist")
        return Attached(path, self._digest(found, path, size), untrusted)

    def _digest(self, found: Path, path: str, size: list[int]) -> str:
        if found.is_file():
            return self._file(found, path, size)
        lines = [
            f"{self._file(file, path, size)}  {file.relative_to(found).as_posix()}\n"
            for file in self._files(found)
        ]
        listing = "".join(lines).encode()
        digest = hashlib.sha256(listing).hexdigest()
        self._keep(digest, listing)
        return digest

    def _files(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path

    def _file(self, file: Path, path: str, size: list[int]) -> str:
        content = file.read_bytes()
        size[0] += 1
        size[1] += len(content)
        if size[0] > MOST_FILES or size[1] > MOST_BYTES:
            raise ValueError(f"agent(inputs): {path} has more than 10,000 files or 64 MiB")
        digest = hashlib.sha256(content).hexdigest()
        self._keep(digest, content)
        return digest
