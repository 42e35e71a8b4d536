"""Every call that changes something on the disk while installing; nothing else of it does."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
NOREPLACE, EXCHANGE = 1, 2
_NOT_HERE = {errno.ENOSYS, errno.EINVAL}
"""A kernel without renameat2, or a file system without that flag."""


class Disk:
    """The system's calls by directory handle; a test stands in for `step`, and dies there."""

    def step(self, what: str, act: Callable[[], T]) -> T:
        """Change one thing; `what` says which, for whoever counts."""
        del what
        return act()

    def make_folder(self, folder: int, name: str) -> None:
        """Make a folder."""
        self.step(f"mkdir {name}", lambda: os.mkdir(name, 0o777, dir_fd=folder))

    def create(self, folder: int, name: str, mode: int) -> int:
        """Make a file that was not there, and open it."""
        return self.step(f"create {name}", lambda: os.open(name, _NEW, mode, dir_fd=folder))

    def write(self, fd: int, content: bytes) -> None:
        """Write all of it."""
        left = memoryview(content)
        while left:
            left = left[self._write_some(fd, left) :]

    def sync(self, fd: int) -> None:
        """Have a file or the names in a folder on the disk itself."""
        self.step("sync", lambda: os.fsync(fd))

    def begin(self, fd: int) -> None:
        """Let the system begin to write a file, so that a later sync finds it done; it may not."""
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)

    def rename(self, old: tuple[int, str], new: tuple[int, str]) -> None:
        """Rename, over whatever is there."""
        (here, name), (there, other) = old, new
        act = lambda: os.replace(name, other, src_dir_fd=here, dst_dir_fd=there)  # noqa: E731
        self.step(f"rename {name} to {other}", act)

    def rename_by(self, flag: int, old: tuple[int, str], new: tuple[int, str]) -> bool:
        """Exchange two names, or rename without replacing; False: this system cannot."""
        told = {EXCHANGE: "exchange", NOREPLACE: "put"}[flag]
        return self.step(f"{told} {old[1]} and {new[1]}", lambda: self._renameat2(flag, old, new))

    def unlink(self, folder: int, name: str) -> None:
        """Delete a file or a link."""
        self.step(f"unlink {name}", lambda: os.unlink(name, dir_fd=folder))

    def remove_folder(self, folder: int, name: str) -> None:
        """Delete a folder that is empty."""
        self.step(f"rmdir {name}", lambda: os.rmdir(name, dir_fd=folder))

    def open_lock(self, folder: int, name: str) -> int:
        """Open the file that is locked, made if need be."""
        return self.step(f"lock {name}", lambda: os.open(name, _LOCK, 0o600, dir_fd=folder))

    def try_lock(self, fd: int) -> bool:
        """Take the lock if nobody has it; the system frees it when its holder dies."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def empty(self, fd: int) -> None:
        """Empty a file."""
        self.step("empty", lambda: os.ftruncate(fd, 0))

    def pause(self, seconds: float) -> None:
        """Wait for somebody else."""
        time.sleep(seconds)

    def _write_some(self, fd: int, content: memoryview) -> int:
        return self.step("write", lambda: os.write(fd, content))

    def _renameat2(self, flag: int, old: tuple[int, str], new: tuple[int, str]) -> bool:
        call = self._call()
        if call is None:
            return False
        if call(old[0], os.fsencode(old[1]), new[0], os.fsencode(new[1]), flag) == 0:
            return True
        if (number := self._errno()) in _NOT_HERE:
            return False
        raise OSError(number, os.strerror(number), old[1], None, new[1])

    def _call(self) -> Callable[[int, bytes, int, bytes, int], int] | None:
        return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)

    def _errno(self) -> int:
        return ctypes.get_errno()


DISK = Disk()
"""The real one."""
