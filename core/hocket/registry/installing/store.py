"""The trees of all scopes by their digest: written once, read-only, digested at every use."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.registry.installing.clearing import clear
from hocket.registry.installing.disk import DISK
from hocket.registry.installing.ways import kind_at, make_root, names
from hocket.registry.installing.writing import READ_ONLY, write_tree
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.api.protocols import Tree
    from hocket.registry.installing.disk import Disk

PREFIX, UNDONE = "hk1-", ".tmp-"


class Store:
    """Its writers hold the lock of the store; readers need none, as nothing half gets a name."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self.folder, self._disk = folder, disk

    def put(self, tree: Tree) -> str:
        """Keep a tree and give its digest; one that is there is digested again, or replaced."""
        digest = hk1(tree)
        if self.get(digest) is not None:
            return digest
        with self._opened() as folder:
            undone = f"{UNDONE}{secrets.token_hex(8)}"
            try:
                write_tree(self._disk, folder, undone, tree, READ_ONLY)
                self._make_way(folder, _name(digest))
                self._disk.rename((folder, undone), (folder, _name(digest)))
                self._disk.sync(folder)
            except OSError:
                # A full disk should have its room back now, not at the next command.
                with suppress(OSError):
                    clear(self._disk, folder, undone)
                raise
        return digest

    def get(self, digest: str) -> Tree | None:
        """Give a tree whose bytes are what its digest says; None: absent or damaged."""
        if not (self.folder / _name(digest)).is_dir():
            return None
        try:
            tree = read_folder("the store", self.folder, _name(digest))
        except (TreeRefused, HocketError):
            return None
        return tree if hk1(tree) == digest else None

    def gc(self, used: set[str]) -> list[str]:
        """Delete what no digest in `used` names, and what was left half; give the digests."""
        if not self.folder.is_dir():
            return []
        with self._opened() as folder:
            keep = {_name(digest) for digest in used}
            gone = [one for one in names(folder) if one.startswith(PREFIX) and one not in keep]
            for name in gone:
                self._make_way(folder, name)
        self.tidy()
        return [name.replace(PREFIX, "hk1:", 1) for name in gone]

    def tidy(self) -> None:
        """Delete what a writer left half."""
        if not self.folder.is_dir():
            return
        with self._opened() as folder:
            for name in names(folder):
                if name.startswith(UNDONE):
                    clear(self._disk, folder, name)

    def _make_way(self, folder: int, name: str) -> None:
        """Take the name away in one step, so that no reader sees it go file by file."""
        if kind_at(folder, name) is None:
            return
        undone = f"{UNDONE}{secrets.token_hex(8)}"
        self._disk.rename((folder, name), (folder, undone))
        clear(self._disk, folder, undone)

    @contextmanager
    def _opened(self) -> Generator[int]:
        make_root(self._disk, self.folder)
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield folder
        finally:
            os.close(folder)


def _name(digest: str) -> str:
    return digest.replace(":", "-", 1)
