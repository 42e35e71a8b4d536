"""One process at a time changes a scope, and one the store; a dead one holds nothing."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.errors import HocketError
from hocket.registry.installing.disk import DISK
from hocket.registry.installing.ways import entered

if TYPE_CHECKING:
    from collections.abc import Generator

    from hocket.registry.installing.disk import Disk
    from hocket.registry.scopes import Scope

PAUSE_S = 0.1
_MOST_TOLD = 200
LOCK = ".lock"


@contextmanager
def held(scope: Scope, seconds: float = 30, disk: Disk = DISK) -> Generator[None]:
    """Hold the scope, then the store; raises HocketError `locked` when another does not let go."""
    with ExitStack() as stack:
        patience = seconds
        for path in (scope.held, scope.store / LOCK):
            folder = stack.enter_context(entered(disk, scope, path.parent))
            fd = disk.open_lock(folder, path.name)
            stack.callback(os.close, fd)
            patience = _wait(disk, fd, scope, patience)
            _sign(disk, fd)
        yield


def _wait(disk: Disk, fd: int, scope: Scope, patience: float) -> float:
    while not disk.try_lock(fd):
        if patience <= 0:
            raise _locked(fd, scope)
        disk.pause(PAUSE_S)
        patience -= PAUSE_S
    return patience


def _locked(fd: int, scope: Scope) -> HocketError:
    holder = visible(os.pread(fd, _MOST_TOLD, 0).decode("utf-8", "replace").strip())
    error = HocketError(
        f"the {scope.name} scope",
        found=f"another command is changing it: {holder or 'it did not say which'}",
        hint="Nothing was changed. Run it again when the other has ended.",
    )
    error.code = "locked"
    return error


def _sign(disk: Disk, fd: int) -> None:
    """Write down who holds it, for whoever waits."""
    # The name only helps a person; a full disk must not stop the command that makes room.
    with suppress(OSError):
        os.lseek(fd, 0, os.SEEK_SET)
        disk.empty(fd)
        words = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:_MOST_TOLD]
        disk.write(fd, f"pid {os.getpid()}, {words}\n".encode("utf-8", "surrogateescape"))
