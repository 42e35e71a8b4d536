"""A run that nobody keeps: its journal lies in memory and is gone with it."""

from __future__ import annotations

import asyncio

from hocket.journal.log import Journal


class Scratch:
    """The bytes of a run that was never anywhere."""

    epoch = 1

    def __init__(self) -> None:
        self._journal = bytearray()
        self._files: dict[str, bytes] = {}

    def journal(self) -> bytes:
        """Read the whole journal."""
        return bytes(self._journal)

    def slice(self, offset: int, length: int) -> bytes:
        """Read a part of the journal."""
        return bytes(self._journal[offset : offset + length])

    def append(self, line: bytes) -> None:
        """Append one whole line."""
        self._journal += line

    def sync(self) -> None:
        """Nothing is made durable."""

    def cut(self, offset: int) -> None:
        """Drop the bytes from `offset` on."""
        del self._journal[offset:]

    def replace(self, journal: bytes) -> None:
        """Put another journal in the place of this one."""
        self._journal[:] = journal

    def put(self, digest: str, value: bytes) -> None:
        """Hold a big value by its digest."""
        self._files[digest] = value

    def get(self, digest: str) -> bytes | None:
        """Read a big value."""
        return self._files.get(digest)

    def write(self, name: str, content: bytes) -> None:
        """Replace a file of the run."""
        self._files[name] = content

    def note(self, name: str, line: bytes) -> None:
        """Append a line to a file."""
        self._files[name] = self._files.get(name, b"") + line

    def read(self, name: str) -> bytes | None:
        """Read a file of the run."""
        return self._files.get(name)

    def release(self) -> None:
        """Nothing was taken."""


class Unsynced(Journal):
    """A journal that is never made durable: a dry run need not outlive its process."""

    async def sync_loop(self) -> None:
        """Wait until cancelled; a sync for each moment would make time jump in small steps."""
        await asyncio.Event().wait()
