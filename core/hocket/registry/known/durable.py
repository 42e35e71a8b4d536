"""Files of the person that two commands may write at once, and that outlive a power cut."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from tempfile import mkstemp
from typing import TYPE_CHECKING

from hocket.errors import HocketError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


class NotKept(HocketError):
    """A file of the person cannot be read or written."""

    code = "io"


_OURS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


@contextmanager
def _telling(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as cause:
        found, hint = f"{cause.strerror or cause}", "Nothing else was changed."
        raise NotKept(f"{path.parent.name}/{path.name}", found=found, hint=hint) from cause


def read(path: Path) -> bytes:
    """Read a file; one that is not there is empty. Raises NotKept for one nobody can read."""
    with _telling(path):
        return path.read_bytes() if path.exists() else b""


def put(path: Path, content: bytes) -> None:
    """Replace a file as a whole: it is the old one or the new one, whenever the power goes."""
    with _telling(path):
        _put(path, content)


def _put(path: Path, content: bytes) -> None:
    _make_private(path.parent)
    fd, draft = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)  # noqa: PTH105  (the rename is the point)
    except BaseException:
        os.unlink(draft)  # noqa: PTH108  (mkstemp gave a str)
        raise
    _sync_folder(path.parent)


def append(path: Path, content: bytes, at: int) -> None:
    """Write behind the first `at` bytes; what a killed process left there is cut off."""
    with _telling(path):
        _append(path, content, at)


def _append(path: Path, content: bytes, at: int) -> None:
    is_new = not path.exists()
    fd = os.open(path, _OURS, 0o600)
    try:
        os.ftruncate(fd, at)
        os.lseek(fd, at, os.SEEK_SET)
        with os.fdopen(os.dup(fd), "wb") as file:
            file.write(content)
        os.fsync(fd)
    finally:
        os.close(fd)
    if is_new:
        _sync_folder(path.parent)


@contextmanager
def turn(path: Path) -> Generator[None]:
    """Wait for one's turn among processes, and keep it until the end of the block.

    Nobody keeps it while the network or a person is waited for. The kernel frees it when its
    process is gone.
    """
    with _telling(path):
        _make_private(path.parent)
        fd = os.open(path, _OURS, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, for this person alone."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
