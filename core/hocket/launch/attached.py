"""`inputs=`: files handed to an agent, by path and digest, kept with the run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hocket import paths
from hocket.api.calls import Attached
from hocket.api.reach import may_read
from hocket.launch import locate

if TYPE_CHECKING:
    from collections.abc import Callable
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
        found = self._found(script, path)
        try:
            digest = self._file(found, path, size) or self._folder(found, path, size, script)
        except OSError as error:
            raise ValueError(f"agent(inputs): {path}: {error.strerror}") from error
        return Attached(path, digest, untrusted)

    def _found(self, script: Script, path: str) -> Path:
        """Look a path up in the project or in the script's folder; links are resolved first."""
        base, name, place = self._root, path, "project"
        if path.startswith("bundle:"):
            base = locate.file_of(self._root, script).resolve().parent
            name, place = path.removeprefix("bundle:"), "bundle"
        found = (base / name).resolve()
        if not found.is_relative_to(base):
            raise ValueError(f"agent(inputs): {path} is outside the {place}")
        if not (found.is_file() or found.is_dir()):
            raise ValueError(f"agent(inputs): {path} does not exist")
        if not self._is_declared(script, path, found):
            why = "capability:read: its bundle did not declare it"
            raise ValueError(f"agent(inputs): {path}: {why}")
        return found

    def _is_declared(self, script: Script, path: str, found: Path) -> bool:
        """Say whether a script may hand a file on; a bundle's own files are its own."""
        if path.startswith("bundle:"):
            return True
        return may_read(script.ceiling, found.relative_to(self._root).as_posix())

    def _folder(self, folder: Path, path: str, size: list[int], script: Script) -> str:
        """Keep every file of a folder, and a list of them whose digest stands for the folder.

        What its bundle may not read is passed over.
        """
        runs = paths.runs_dir(self._root)
        found = [f for f in sorted(folder.rglob("*")) if not f.is_relative_to(runs)]
        files = [f for f in found if self._is_declared(script, path, f)]
        kept = {f: self._file(f, path, size) for f in files if not f.is_symlink()}
        lines = [f"{kept[f]}  {f.relative_to(folder).as_posix()}\n" for f in kept if kept[f]]
        return self._put("".join(lines).encode("utf-8", "surrogateescape"))

    def _file(self, file: Path, path: str, size: list[int]) -> str:
        """Keep one file; gives nothing for what is no file."""
        if not file.is_file():
            return ""
        size[0] += 1
        size[1] += file.stat().st_size
        if size[0] > MOST_FILES or size[1] > MOST_BYTES:
            raise ValueError(f"agent(inputs): {path} has more than 10,000 files or 64 MiB")
        return self._put(file.read_bytes())

    def _put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self._keep(digest, content)
        return digest
