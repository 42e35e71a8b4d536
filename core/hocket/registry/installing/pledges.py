"""The pledge: which intent of a scope is hocket's own, and how far it came.

A stage lies in the project, and a project may come from a stranger with a stage in it. So its
intent counts only if the person's data folder holds its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.installing.clearing import clear
from hocket.registry.installing.ways import entered
from hocket.registry.installing.writing import replace

if TYPE_CHECKING:
    from hocket.registry.installing.disk import Disk
    from hocket.registry.scopes import Scope

_FILE, _NEW = ".pledge", ".tmp-pledge"
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Pledge:
    """A stage, the hash of its intent, and whether all its moves are made."""

    stage: str
    seal: str
    is_moved: bool = False

    def __str__(self) -> str:
        """Write it as one line."""
        return f"{self.stage} {self.seal} {'moved' if self.is_moved else 'begun'}\n"


def give(disk: Disk, scope: Scope, pledge: Pledge) -> None:
    """Write it down, in the place of the one before."""
    with entered(disk, scope, scope.receipts) as folder:
        replace(disk, (folder, _NEW), (folder, _FILE), str(pledge).encode())


def given(scope: Scope) -> Pledge | None:
    """Read it; None: nothing is under way, or what is there hocket did not write."""
    try:
        words = (scope.receipts / _FILE).read_text("ascii", "replace").split()
    except FileNotFoundError:
        return None
    if len(words) != _WORDS:
        return None
    stage, seal, state = words
    return Pledge(stage, seal, state == "moved")


def drop(disk: Disk, scope: Scope, stage: str) -> None:
    """Take back the one for a stage: it is not under way any more."""
    pledge = given(scope)
    if pledge is None or pledge.stage != stage:
        return
    with entered(disk, scope, scope.receipts) as folder:
        clear(disk, folder, _FILE)
        disk.sync(folder)
