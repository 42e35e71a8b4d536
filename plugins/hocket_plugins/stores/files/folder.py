"""One open folder: every name is looked up in it, and no link is ever followed."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket_plugins.stores.files.disk import Disk

_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_PIECE = 1 << 20
_PRIVATE, _OWN = 0o700, 0o600


class Folder:
    """An open folder; raises OSError. Folders it makes are 0700 and files 0600."""

    def __init__(self, disk: Disk, fd: int) -> None:
        self._disk = disk
        self.fd = fd

    @classmethod
    def at(cls, disk: Disk, path: Path) -> Folder:
        """Open a folder that the person named: links up to it are theirs."""
        return cls(disk, os.open(path, _FOLDER | os.O_CLOEXEC))

    def enter(self, name: str, *, make: bool = False) -> Folder:
        """Open a folder in it, made first if it is missing and may be."""
        try:
            return Folder(self._disk, self._disk.open(name, _FOLDER, self.fd))
        except FileNotFoundError:
            if not make:
                raise
        self.make(name)
        return Folder(self._disk, self._disk.open(name, _FOLDER, self.fd))

    def make_private(self) -> None:
        """Let nobody else in, whoever made the folder."""
        if stat.S_IMODE(os.fstat(self.fd).st_mode) != _PRIVATE:
            os.fchmod(self.fd, _PRIVATE)

    def make(self, name: str) -> bool:
        """Make a folder; False when the name is taken."""
        try:
            os.mkdir(name, _PRIVATE, dir_fd=self.fd)
        except FileExistsError:
            return False
        # The umask may have taken our own rights, without which it cannot even be opened.
        os.chmod(name, _PRIVATE, dir_fd=self.fd)
        self._disk.sync_folder(self.fd)
        return True

    def open(self, name: str, flags: int) -> int:
        """Open a regular file; what is opened for writing is 0600 afterwards."""
        fd = self._disk.open(name, flags, self.fd)
        try:
            _own(fd, flags)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def read(self, name: str, most: int | None = None) -> bytes | None:
        """Read a file, or its first bytes; None when there is none."""
        try:
            with self._around(name) as (folder, last):
                fd = folder.open(last, os.O_RDONLY)
        except FileNotFoundError:
            return None
        with _closing(fd):
            return read_at(fd, 0, os.fstat(fd).st_size if most is None else most)

    def replace(self, name: str, content: bytes, *, sync: bool = False) -> None:
        """Put a whole file in the place of another, or of none, in one step."""
        with self._around(name, make=True) as (folder, last):
            fresh = f".{last}.new"
            folder.remove(fresh)
            with _closing(folder.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL)) as fd:
                write_all(self._disk, fd, content)
                if sync:
                    self._disk.sync(fd)
            self._disk.rename(fresh, last, folder.fd)
            if sync:
                folder.sync_names()

    def append(self, name: str, line: bytes) -> None:
        """Append to a file, made first if it is missing; a line is written in one go."""
        with self._around(name, make=True) as (folder, last):
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            with _closing(folder.open(last, flags)) as fd:
                write_all(self._disk, fd, line)

    def sync(self, name: str) -> None:
        """Make a file durable under its name; one that is gone by now is nobody's."""
        with suppress(FileNotFoundError), self._around(name) as (folder, last):
            with _closing(folder.open(last, os.O_RDONLY)) as fd:
                self._disk.sync(fd)
            folder.sync_names()

    def sync_names(self) -> None:
        """Make durable which names the folder has."""
        self._disk.sync_folder(self.fd)

    def remove(self, name: str) -> None:
        """Remove a file, or a link itself, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.fd)

    def names(self) -> list[str]:
        """List what is in it."""
        return os.listdir(self.fd)  # noqa: PTH208 - a descriptor has no path

    def close(self) -> None:
        """Close the folder."""
        os.close(self.fd)

    @contextmanager
    def _around(self, name: str, *, make: bool = False) -> Generator[tuple[Folder, str]]:
        """Open the folder that a name like `artifacts/9c41` lies in."""
        *parents, last = _parts(name)
        with ExitStack() as opened:
            folder = self
            for parent in parents:
                folder = folder.enter(parent, make=make)
                opened.callback(folder.close)
            yield folder, last


@contextmanager
def _closing(fd: int) -> Generator[int]:
    try:
        yield fd
    finally:
        os.close(fd)


def _own(fd: int, flags: int) -> None:
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if flags & (os.O_WRONLY | os.O_RDWR) and stat.S_IMODE(mode) != _OWN:
        os.fchmod(fd, _OWN)


def _parts(name: str) -> list[str]:
    parts = name.split("/")
    if "\0" in name or not {"", ".", ".."}.isdisjoint(parts):
        raise ValueError(f"{name!r} is not a name inside a run's folder")
    return parts


def read_at(fd: int, offset: int, length: int) -> bytes:
    """Read a part of an open file; shorter only at its end."""
    pieces: list[bytes] = []
    while length > 0 and (piece := os.pread(fd, min(length, _PIECE), offset)):
        pieces.append(piece)
        offset, length = offset + len(piece), length - len(piece)
    return b"".join(pieces)


def write_all(disk: Disk, fd: int, content: bytes) -> None:
    """Write all of it; a short write is continued."""
    rest = memoryview(content)
    while rest:
        written = disk.write(fd, rest)
        if written <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]
