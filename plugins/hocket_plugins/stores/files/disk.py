"""The calls by which a run's bytes reach the disk; a test passes a disk that fails or lies."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

_SAFE = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Never handed to a child, never through a link, never waiting for the other end of a pipe."""


class Disk:
    """The machine's own disk."""

    def open(self, name: str | Path, flags: int, folder: int | None = None) -> int:
        """Open a name in an open folder; files are made 0600."""
        return os.open(name, flags | _SAFE, 0o600, dir_fd=folder)

    def write(self, fd: int, content: bytes | memoryview) -> int:
        """Write at most all of it; gives how much was."""
        return os.write(fd, content)

    def sync(self, fd: int) -> None:
        """Return when the file's content is durable."""
        if sys.platform == "darwin":
            # There fsync only hands the bytes to the drive.
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        else:
            os.fdatasync(fd)

    def sync_folder(self, fd: int) -> None:
        """Return when the folder's names are durable."""
        os.fsync(fd)

    def stat(self, path: str) -> os.stat_result:
        """Look at a path, not through it."""
        return os.lstat(path)

    def rename(self, old: str, new: str, folder: int) -> None:
        """Put a file in the place of another, in one step."""
        os.rename(old, new, src_dir_fd=folder, dst_dir_fd=folder)

    def truncate(self, fd: int, size: int) -> None:
        """Drop what lies behind the first `size` bytes."""
        os.ftruncate(fd, size)

    def lock(self, fd: int, *, shared: bool = False) -> None:
        """Lock an open file or raise BlockingIOError; the kernel frees it when we are gone."""
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def file_system(self, fd: int) -> str:
        """Name the kind of file system that an open file is on; empty where nobody says."""
        device = os.fstat(fd).st_dev
        wanted = f"{os.major(device)}:{os.minor(device)}"
        mounts = Path("/proc/self/mountinfo")
        lines = mounts.read_text("utf-8", "replace").splitlines() if mounts.exists() else []
        for line in lines:
            fields = line.split(" ")
            if fields[2] == wanted:
                return fields[fields.index("-") + 1]
        return ""
