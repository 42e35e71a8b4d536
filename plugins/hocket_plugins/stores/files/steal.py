"""Takes a run from a holder that does not answer: kills it here, fences it off elsewhere."""

from __future__ import annotations

import errno
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from hocket_plugins.stores.files import process
from hocket_plugins.stores.files.claim import held
from hocket_plugins.stores.files.folder import read_at, write_all
from hocket_plugins.stores.files.lock import LOCK, Lock, attempt, pause, read_claim

if TYPE_CHECKING:
    from collections.abc import Generator

    from hocket_plugins.stores.files.claim import Claim
    from hocket_plugins.stores.files.disk import Disk
    from hocket_plugins.stores.files.folder import Folder

JOURNAL = "journal.jsonl"
_QUEUE = "lock.steal"
_FRESH = ".lock.new"
_PATIENCE = 300
"""Moments to wait for a killed process to be gone, or for another stealer."""


def steal(disk: Disk, folder: Folder, run_id: str) -> Lock:
    """Lock a run whatever its holder does; raises RunHeld when another stealer was faster."""
    seen = read_claim(folder)
    with _queued(disk, folder, run_id):
        lock = attempt(disk, folder)
        if lock is not None:
            return lock
        claim = read_claim(folder)
        if claim != seen or claim.pid == os.getpid():
            raise held(run_id, claim)
        return _kill(disk, folder, claim) or _fence(disk, folder, claim)


@contextmanager
def _queued(disk: Disk, folder: Folder, run_id: str) -> Generator[None]:
    for _ in range(_PATIENCE):
        queue = attempt(disk, folder, _QUEUE)
        if queue is not None:
            break
        pause()
    else:
        raise held(run_id, read_claim(folder))
    try:
        yield
    finally:
        queue.drop()


def _kill(disk: Disk, folder: Folder, claim: Claim) -> Lock | None:
    """Kill the holder if it is certainly that process; None when it cannot be killed."""
    # Two processes of one moment have the same start: the kernel's own list settles it.
    inode = os.stat(LOCK, dir_fd=folder.fd, follow_symlinks=False).st_ino
    if not claim.is_running_here or not process.may_lock(claim.pid, inode):
        return None
    try:
        os.kill(claim.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    except PermissionError:
        return None
    for _ in range(_PATIENCE):
        lock = attempt(disk, folder)
        if lock is not None:
            return lock
        pause()
    return None


def _fence(disk: Disk, folder: Folder, claim: Claim) -> Lock:
    """Put other files in the place of journal and lock: the holder sees it before it writes."""
    with suppress(FileNotFoundError):
        _replace_journal(disk, folder)
    folder.remove(_FRESH)
    lock = attempt(disk, folder, _FRESH)
    if lock is None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    lock.epoch = claim.epoch
    disk.rename(_FRESH, LOCK, folder.fd)
    folder.sync_names()
    return lock


def _replace_journal(disk: Disk, folder: Folder) -> None:
    old = folder.open(JOURNAL, os.O_RDONLY)
    try:
        copied = read_at(old, 0, os.fstat(old).st_size)
        folder.replace(JOURNAL, copied, sync=True)
        # What the holder appended between the copy and the rename was committed: it counts.
        late = read_at(old, len(copied), os.fstat(old).st_size - len(copied))
    finally:
        os.close(old)
    fresh = folder.open(JOURNAL, os.O_WRONLY | os.O_APPEND)
    try:
        write_all(disk, fresh, late)
        disk.sync(fresh)
    finally:
        os.close(fresh)
