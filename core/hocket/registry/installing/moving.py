"""Makes one move of an intent, or takes it back; both can be begun again wherever they stopped."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.installing.looking import FILES, look
from hocket.registry.installing.swapping import move, old_of, put, swap
from hocket.registry.installing.ways import entered, kind_at
from hocket.registry.installing.writing import WRITABLE, write_file, write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.registry.installing.disk import Disk
    from hocket.registry.installing.intents import Move
    from hocket.registry.installing.store import Store
    from hocket.registry.installing.swapping import Name
    from hocket.registry.scopes import Scope

KEPT = ".kept-"
"""Follows the staged name of what was found where nothing else should be: it may be a person's."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves between an open stage and the targets of a scope."""

    disk: Disk
    scope: Scope
    store: Store
    stage: int

    def path(self, one: Move) -> Path:
        """Say where a target is."""
        return self.scope.base(one.place) / one.path

    def copy(self, one: Move, name: str) -> None:
        """Copy the tree of a move from the store to a name in the stage, and digest the copy."""
        tree = self.store.get(one.digest)
        if tree is None:
            raise self._damaged(one)
        if one.place in FILES:
            ((kind, _path, content),) = tree.entries
            write_file(self.disk, self.stage, name, content, WRITABLE[kind])
        else:
            write_tree(self.disk, self.stage, name, tree, WRITABLE)
        if look(self.stage, name) != one.new:
            raise self._damaged(one)

    def forward(self, one: Move, name: str) -> None:
        """Bring a target to its new state; there already: nothing happens."""
        staged = (self.stage, name)
        with entered(self.disk, self.scope, self.path(one).parent) as folder:
            target = (folder, self.path(one).name)
            if one.is_removal:
                if kind_at(*staged) is None and kind_at(*target) is not None:
                    move(self.disk, target, staged)
            elif look(*target) != one.new:
                self._refuse_link(one, target)
                self._make_ready(one, name)
                swap(self.disk, staged, target)

    def back(self, one: Move, name: str) -> None:
        """Bring a target to what was there before; there already: nothing happens."""
        staged = (self.stage, name)
        if not self._is_moved(one, staged):
            return
        with entered(self.disk, self.scope, self.path(one).parent) as folder:
            target = (folder, self.path(one).name)
            if kind_at(*target) is None:
                self._bring_back(staged, target)
            elif not one.is_removal and look(*target) == one.new:
                self._exchange_back(staged, target)

    def _is_moved(self, one: Move, staged: Name) -> bool:
        if one.is_removal:
            return kind_at(*staged) is not None
        return look(*staged) != one.new or kind_at(*old_of(staged)) is not None

    def _bring_back(self, staged: Name, target: Name) -> None:
        for old in (old_of(staged), staged):
            if kind_at(*old) is not None:
                move(self.disk, old, target)
                return

    def _exchange_back(self, staged: Name, target: Name) -> None:
        old = old_of(staged)
        if kind_at(*old) is not None:
            put(self.disk, target, staged)
            move(self.disk, old, target)
        elif kind_at(*staged) is not None:
            swap(self.disk, staged, target)
        else:
            move(self.disk, target, staged)

    def _make_ready(self, one: Move, name: str) -> None:
        """Have the right bytes in the stage, and lose nothing that lies there instead."""
        if look(self.stage, name) == one.new:
            return
        if kind_at(self.stage, name) is not None:
            names = (f"{name}{KEPT}{count}" for count in range(1, 1000))
            free = next(each for each in names if kind_at(self.stage, each) is None)
            move(self.disk, (self.stage, name), (self.stage, free))
        self.copy(one, name)

    def _refuse_link(self, one: Move, target: Name) -> None:
        if kind_at(*target) == stat.S_IFLNK:
            problems = [f"{one.place}/{one.path} has become a link"]
            raise PackageRefused(one.path, problems, "tree", hint="Nothing was changed.")

    def _damaged(self, one: Move) -> PackageRefused:
        problems = [f"its files in the store do not have the digest {one.digest}"]
        return PackageRefused(one.path, problems, "digest", hint="Install it again.")
