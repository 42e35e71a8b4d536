"""Carries an intent out to its end, or takes it back where it cannot be."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.installing import intents, pledges
from hocket.registry.installing.clearing import clear, prune
from hocket.registry.installing.moving import Mover
from hocket.registry.installing.store import UNDONE, Store
from hocket.registry.installing.swapping import move
from hocket.registry.installing.ways import anchor, entered, found, kind_at, names
from hocket.registry.installing.writing import replace

if TYPE_CHECKING:
    from hocket.registry.installing.disk import Disk
    from hocket.registry.installing.intents import Intent, Move
    from hocket.registry.installing.pledges import Pledge
    from hocket.registry.scopes import Scope


@dataclass(frozen=True, slots=True)
class Aside:
    """What a person had edited or put into a target: kept beside it, out of the new tree."""

    target: str
    path: str
    """Where it is now: the target's name with `.edited-` and the version that was there.

    No NAME and no module has a dot there, so nothing of it is offered or loaded.
    """
    files: tuple[str, ...]
    """What is in it, and nothing else is; of a single file its path is empty."""


@dataclass(frozen=True, slots=True)
class Change:
    """One intent with the scope it changes."""

    disk: Disk
    scope: Scope
    intent: Intent
    pledge: Pledge

    def complete(self) -> tuple[Aside, ...]:
        """Make all moves, then lock and receipts; raises PackageRefused after taking all back."""
        with entered(self.disk, self.scope, self.scope.stage / self.pledge.stage) as stage:
            mover = Mover(self.disk, self.scope, Store(self.scope.store, self.disk), stage)
            if not self.pledge.is_moved:
                self._move(mover)
                done = pledges.Pledge(self.pledge.stage, self.pledge.seal, is_moved=True)
                pledges.give(self.disk, self.scope, done)
            self._settle(stage)
            asides = self._set_aside(mover)
        with suppress(OSError):
            # All is in place: what cannot be tidied now is tidied by the next command.
            finish(self.disk, self.scope, self.pledge.stage)
        return asides

    def _move(self, mover: Mover) -> None:
        try:
            for at, one in enumerate(self.intent.moves):
                mover.forward(one, str(at))
        except PackageRefused:
            for at, one in reversed(tuple(enumerate(self.intent.moves))):
                mover.back(one, str(at))
            self._set_aside(mover)
            finish(self.disk, self.scope, self.pledge.stage)
            raise

    def _settle(self, stage: int) -> None:
        lock = self.scope.lock
        with entered(self.disk, self.scope, lock.parent) as folder:
            replace(self.disk, (stage, "lock"), (folder, lock.name), self.intent.lock.encode())
        with entered(self.disk, self.scope, self.scope.receipts) as folder:
            for name, text in sorted(self.intent.receipts.items()):
                if text is None:
                    clear(self.disk, folder, name)
                else:
                    new = (folder, f"{UNDONE}{name}")
                    replace(self.disk, new, (folder, name), text.encode())
            self.disk.sync(folder)

    def _set_aside(self, mover: Mover) -> tuple[Aside, ...]:
        return tuple(
            aside
            for at, one in enumerate(self.intent.moves)
            for name in names(mover.stage)
            if name == str(at) or name.startswith(f"{at}.")
            for aside in self._kept(mover, one, name)
        )

    def _kept(self, mover: Mover, one: Move, name: str) -> tuple[Aside, ...]:
        files = prune(self.disk, mover.stage, name, (one.old, one.new or {}))
        if not files:
            return ()
        path = mover.path(one)
        with entered(self.disk, self.scope, path.parent) as folder:
            free = _free(folder, f"{path.name}.edited-{one.version or 'unknown'}")
            move(self.disk, (mover.stage, name), (folder, free))
        told = "/".join(anchor(self.scope, path)[1])
        return (Aside(told, f"{told[: -len(path.name)]}{free}", files),)


def finish(disk: Disk, scope: Scope, stage: str) -> None:
    """Delete a stage whose work is done or was never decided on; the intent goes first."""
    with entered(disk, scope, scope.stage) as folder:
        if kind_at(folder, stage) == stat.S_IFDIR:
            with entered(disk, scope, scope.stage / stage) as inside:
                clear(disk, inside, intents.FILE)
                disk.sync(inside)
        clear(disk, folder, stage)
        disk.sync(folder)
    pledges.drop(disk, scope, stage)
    leave(disk, scope)


def leave(disk: Disk, scope: Scope) -> None:
    """Delete the folder of stages if nothing is in it: there may be one that is not ours."""
    with found(scope, scope.stage) as stages:
        is_empty = stages is not None and not names(stages)
    if is_empty:
        with entered(disk, scope, scope.own) as folder:
            disk.remove_folder(folder, scope.stage.name)


def _free(folder: int, name: str) -> str:
    wanted = (name, *(f"{name}-{count}" for count in range(2, 1000)))
    return next(one for one in wanted if kind_at(folder, one) is None)
