"""The lock of a run: flock for the life of a process, so that no lock is ever stale."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING

from hocket.errors import StorageFull
from hocket_plugins.stores.files.claim import Claim, held
from hocket_plugins.stores.files.folder import Folder, read_at, write_all

if TYPE_CHECKING:
    from hocket_plugins.stores.files.disk import Disk

LOCK = "lock"
_TRIES, _PAUSE_S = 30, 0.01
_MOST = 4096
_UNSUPPORTED = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "afs", "fuse.sshfs", "ncpfs"}


class Lock:
    """A lock file that this process has locked."""

    def __init__(self, disk: Disk, fd: int) -> None:
        self._disk = disk
        self._fd = fd
        self.epoch = Claim.read(read_at(fd, 0, _MOST)).epoch

    def claim(self, epoch: int) -> None:
        """Write who holds the run from now on."""
        self.epoch = epoch
        # The kernel notes the time: no other clock is needed.
        os.utime(self._fd)
        since = os.fstat(self._fd).st_mtime_ns // 1_000_000
        self._write(Claim.ours(epoch, since))

    def release(self) -> None:
        """Give the lock back; its file stays, and so does the epoch in it."""
        # A full disk may not take the note; closing is what frees the lock.
        with suppress(OSError):
            self._write(Claim(self.epoch))
        os.close(self._fd)

    def drop(self) -> None:
        """Give the lock back and leave its file as it is."""
        os.close(self._fd)

    def _write(self, claim: Claim) -> None:
        content = claim.write()
        os.lseek(self._fd, 0, os.SEEK_SET)
        write_all(self._disk, self._fd, content)
        self._disk.truncate(self._fd, len(content))


def read_claim(folder: Folder) -> Claim:
    """Read what the lock file says now."""
    return Claim.read(folder.read(LOCK, _MOST))


def take(disk: Disk, folder: Folder, run_id: str) -> Lock:
    """Lock a run; raises RunHeld naming the holder."""
    for _ in range(_TRIES):
        lock = attempt(disk, folder)
        if lock is not None:
            return lock
        claim = read_claim(folder)
        if claim.may_hold:
            raise held(run_id, claim)
        # Its holder has not yet written who it is, or somebody only looks who holds it.
        pause()
    raise held(run_id, read_claim(folder))


def attempt(disk: Disk, folder: Folder, name: str = LOCK) -> Lock | None:
    """Lock a run now, or say None when somebody else has it."""
    while True:
        fd = folder.open(name, os.O_RDWR | os.O_CREAT)
        try:
            _refuse_network(disk.file_system(fd))
            if not _flock(disk, fd):
                os.close(fd)
                return None
            if _is_named(folder, name, fd):
                return Lock(disk, fd)
        except BaseException:
            os.close(fd)
            raise
        # Somebody put another file in its place before it was locked: that one counts.
        os.close(fd)


def find_holder(disk: Disk, folder: Folder) -> Claim | None:
    """Say who holds the run now; None when nobody does."""
    for _ in range(_TRIES):
        if _is_free(disk, folder):
            return None
        claim = read_claim(folder)
        if claim.may_hold:
            return claim
        pause()
    return read_claim(folder)


def _is_free(disk: Disk, folder: Folder) -> bool:
    try:
        fd = folder.open(LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        return _flock(disk, fd, shared=True)
    finally:
        os.close(fd)


def pause() -> None:
    """Wait a moment for another process."""
    Event().wait(_PAUSE_S)


def _flock(disk: Disk, fd: int, *, shared: bool = False) -> bool:
    try:
        disk.lock(fd, shared=shared)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        raise _unsafe("it cannot lock files") from error
    return True


def _is_named(folder: Folder, name: str, fd: int) -> bool:
    try:
        named = os.stat(name, dir_fd=folder.fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(fd))


def _refuse_network(file_system: str) -> None:
    if file_system in _NETWORK:
        raise _unsafe(f"it is a network file system ({file_system})")


def _unsafe(found: str) -> StorageFull:
    return StorageFull(
        ".hocket/runs",
        found=f"runs cannot be kept safely on this file system: {found}",
        expected="a file system of this machine that can lock files",
        hint='Nothing was started. Use a project on a local disk, or store = "postgres".',
    )
