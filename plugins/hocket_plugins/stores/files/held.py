"""The bytes of one run under its lock."""

from __future__ import annotations

import os
from collections import deque
from hashlib import sha256
from typing import TYPE_CHECKING, NoReturn

from hocket.errors import StorageLost
from hocket_plugins.stores.files.folder import read_at, write_all
from hocket_plugins.stores.files.steal import JOURNAL
from hocket_plugins.stores.files.trouble import storage_error, told_as

if TYPE_CHECKING:
    from pathlib import Path

    from hocket_plugins.stores.files.disk import Disk
    from hocket_plugins.stores.files.folder import Folder
    from hocket_plugins.stores.files.lock import Lock

ARTIFACTS = "artifacts"
_DIGEST = 64


class FilesRun:
    """One run's folder, held; after its first failure it only raises that."""

    def __init__(self, disk: Disk, folder: Folder, lock: Lock, path: Path) -> None:
        self.epoch = lock.epoch
        self._disk = disk
        self._folder = folder
        self._lock = lock
        self._path = str(path / JOURNAL)
        self._who = f"run {path.name}"
        self._failure: StorageLost | None = None
        self._unsynced: deque[str] = deque()
        self._fd = -1
        self._size = 0
        self._inode = (0, 0)
        self._open()
        folder.sync_names()

    def journal(self) -> bytes:
        """Read the whole journal."""
        return self.slice(0, self._size)

    def slice(self, offset: int, length: int) -> bytes:
        """Read a part of the journal; StorageLost when it is shorter than that."""
        with told_as(self._who):
            content = read_at(self._fd, offset, length)
        if len(content) < length:
            self._lost("shorter than this process left it")
        return content

    def append(self, line: bytes) -> None:
        """Append one whole line, after a look whether the file is still ours."""
        self._check()
        try:
            written = self._disk.write(self._fd, line)
            if written != len(line):
                write_all(self._disk, self._fd, line[max(0, written) :])
        except OSError as error:
            self._fail(error)
        self._size += len(line)

    def sync(self) -> None:
        """Make big values durable, and then the journal that names them."""
        self._alive()
        try:
            self._sync_files()
            self._disk.sync(self._fd)
        except OSError as error:
            self._fail(error)

    def cut(self, offset: int) -> None:
        """Keep the tail as `journal.cut-<epoch>`, then drop it."""
        tail = self.slice(offset, self._size - offset)
        self._check()
        try:
            self._folder.replace(f"journal.cut-{self.epoch}", tail, sync=True)
            self._disk.truncate(self._fd, offset)
            self._disk.sync(self._fd)
        except OSError as error:
            self._fail(error)
        self._size = offset

    def replace(self, journal: bytes) -> None:
        """Keep the journal as `journal.damaged-<epoch>` and put another in its place."""
        damaged = self.journal()
        self._check()
        try:
            self._folder.replace(f"journal.damaged-{self.epoch}", damaged, sync=True)
            self._folder.replace(JOURNAL, journal, sync=True)
            old = self._fd
            self._open()
            os.close(old)
        except OSError as error:
            self._fail(error)

    def put(self, digest: str, value: bytes) -> None:
        """Keep a big value by its digest, unless it is there; durable with the next sync."""
        self._alive()
        if len(digest) != _DIGEST or not digest.isalnum():
            raise ValueError(f"{digest!r} is not a digest")
        if self.get(digest) != value:
            self._put(f"{ARTIFACTS}/{digest}", value)
        self._unsynced.append(f"{ARTIFACTS}/{digest}")

    def get(self, digest: str) -> bytes | None:
        """Read a big value; None when it is missing or not what its digest says."""
        try:
            value = self._folder.read(f"{ARTIFACTS}/{digest}")
        except (OSError, ValueError):
            return None
        return value if value is not None and sha256(value).hexdigest() == digest else None

    def write(self, name: str, content: bytes) -> None:
        """Replace a file of the run as a whole; durable with the next sync."""
        self._alive()
        self._put(name, content)
        self._unsynced.append(name)

    def note(self, name: str, line: bytes) -> None:
        """Append a line to a file of the run; its failure does not end the journal."""
        with told_as(self._who):
            self._folder.append(name, line)

    def read(self, name: str) -> bytes | None:
        """Read a file of the run."""
        with told_as(self._who):
            return self._folder.read(name)

    def release(self) -> None:
        """Close everything and give the lock back; a lost disk must not keep it."""
        os.close(self._fd)
        self._folder.close()
        self._lock.release()

    def _open(self) -> None:
        self._fd = self._folder.open(JOURNAL, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        opened = os.fstat(self._fd)
        self._inode, self._size = (opened.st_ino, opened.st_dev), opened.st_size

    def _check(self) -> None:
        """See before each write whether somebody deleted, replaced, cut or wrote the file."""
        self._alive()
        try:
            named = self._disk.stat(self._path)
        except OSError as error:
            self._lost("gone from its place", error)
        # An inode is not given away while it is open, so the one of the descriptor is known.
        if (named.st_ino, named.st_dev) != self._inode:
            self._lost("another file: somebody took the run or replaced it")
        if named.st_size != self._size:
            self._lost(f"{named.st_size} bytes long, not {self._size}: somebody else wrote it")

    def _put(self, name: str, content: bytes) -> None:
        try:
            self._folder.replace(name, content)
        except OSError as error:
            self._fail(error)

    def _sync_files(self) -> None:
        while self._unsynced:
            self._folder.sync(self._unsynced.popleft())

    def _alive(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _fail(self, error: OSError) -> NoReturn:
        """Never write again: the last line may be torn, and a second sync would report success."""
        self._failure = storage_error(self._who, error)
        raise self._failure from error

    def _lost(self, state: str, error: OSError | None = None) -> NoReturn:
        self._failure = StorageLost(
            self._who,
            found=f"its journal is {state}",
            expected="the file that this process wrote",
            hint="Nothing was delivered since. What is committed is kept; resume to go on from it.",
        )
        raise self._failure from error
