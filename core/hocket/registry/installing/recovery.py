"""Finishes or undoes what an earlier process left; every command that takes the lock begins so."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.registry.installing import intents, pledges
from hocket.registry.installing.changing import Change, finish, leave
from hocket.registry.installing.clearing import clear
from hocket.registry.installing.disk import DISK
from hocket.registry.installing.store import UNDONE, Store
from hocket.registry.installing.ways import found, kind_at, names, opened

if TYPE_CHECKING:
    from hocket.registry.installing.changing import Aside
    from hocket.registry.installing.disk import Disk
    from hocket.registry.installing.pledges import Pledge
    from hocket.registry.scopes import Scope


def recover(scope: Scope, disk: Disk = DISK) -> tuple[str, ...]:
    """Leave the scope wholly old or wholly new, and say what was done; the caller holds it.

    Raises PackageRefused where neither the stage nor the store has the new files: then the old
    ones are back.
    """
    Store(scope.store, disk).tidy()
    _tidy_receipts(scope, disk)
    pledge = pledges.given(scope)
    notes = [note for name in _stages(scope) for note in _recover_stage(scope, disk, name, pledge)]
    if pledge is not None:
        pledges.drop(disk, scope, pledge.stage)
    leave(disk, scope)
    return tuple(notes)


def is_under_way(scope: Scope) -> bool:
    """Whether an install was decided on and is not at its end: the next command goes on with it."""
    pledge = pledges.given(scope)
    content = _intent(scope, pledge.stage) if pledge else None
    return pledge is not None and content is not None and intents.seal(content) == pledge.seal


def kept_note(aside: Aside) -> str:
    """Say what was kept of a person, and where it is."""
    files = ", ".join(visible(one) for one in aside.files if one)
    return f"kept {visible(aside.path)}" + (f": {files}" if files else "")


def _recover_stage(scope: Scope, disk: Disk, name: str, pledge: Pledge | None) -> tuple[str, ...]:
    content = _intent(scope, name)
    is_ours = pledge is not None and pledge.stage == name
    if content is None:
        finish(disk, scope, name)
        return ("an install that had changed nothing yet was cleared away",)
    if pledge is None or not is_ours or intents.seal(content) != pledge.seal:
        where = f"{scope.stage.name}/{visible(name)}"
        return (f"{where} was not begun here: nothing of it was used, look at it and delete it",)
    asides = Change(disk, scope, intents.read(content), pledge).complete()
    return ("an install that was interrupted is now complete", *map(kept_note, asides))


def _stages(scope: Scope) -> list[str]:
    with found(scope, scope.stage) as folder:
        return [] if folder is None else names(folder)


def _intent(scope: Scope, name: str) -> bytes | None:
    with found(scope, scope.stage) as folder:
        if folder is None or kind_at(folder, name) != stat.S_IFDIR:
            return None
        inside = opened(folder, name)
        try:
            if kind_at(inside, intents.FILE) != stat.S_IFREG:
                return None
            fd = os.open(intents.FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=inside)
        finally:
            os.close(inside)
    with os.fdopen(fd, "rb") as file:
        return file.read()


def _tidy_receipts(scope: Scope, disk: Disk) -> None:
    with found(scope, scope.receipts) as folder:
        for name in () if folder is None else names(folder):
            if folder is not None and name.startswith(UNDONE):
                clear(disk, folder, name)
