"""A store whose process dies at a write: before it, or in the middle of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket_plugins.stores.files import FilesStore
from hocket_plugins.stores.files.disk import Disk

if TYPE_CHECKING:
    from pathlib import Path


class Died(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


class DyingDisk(Disk):
    """Lets the journal's first writes through; the next one is torn at `torn` bytes, and fatal."""

    def __init__(self, writes: int, torn: int = 0) -> None:
        self.left = writes
        self.torn = torn
        self.dead = False
        self.journal: int | None = None
        self.writes = 0

    def write(self, fd: int, content: bytes | memoryview) -> int:
        """Count the journal's lines, and die at one."""
        if bytes(content[:8]) != b'{"crc":"':
            return super().write(fd, content)
        self.writes += 1
        if self.dead or self.left == 0:
            if not self.dead and self.torn:
                super().write(fd, content[: self.torn])
            self.dead = True
            raise Died
        self.left -= 1
        return super().write(fd, content)


class DyingStore:
    """A plugin: the files store on that disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    @hookimpl
    def hocket_choose_store(self, settings) -> FilesStore:
        """Keep runs on the disk that dies."""
        return FilesStore(settings.project, self._disk)


def lose_unsynced(folder: Path, durable: int) -> None:
    """Play a power cut: what was not synced is gone."""
    journal = folder / "journal.jsonl"
    with journal.open("r+b") as file:
        file.truncate(max(durable, 0))
