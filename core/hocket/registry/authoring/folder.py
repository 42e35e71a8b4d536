"""A registry in a folder: edits are put so that a reader sees the old index or the new one.

Index and included files cannot change in one step. So the new index waits beside the old one
until all else is in place; an edit that was killed leaves it there, and the next one finishes it
if what it says is true by now, else takes it away.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hocket.errors import HocketError, StructureError
from hocket.registry.authoring.reading import SIGNATURE, loaded
from hocket.registry.authoring.writing import PART, replace
from hocket.registry.indexes.index import FILE
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.api.protocols import Tree
    from hocket.registry.authoring.change import Change

_WAITING = ".next"


class Folder:
    """The files of a registry on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str) -> bytes | None:
        """Give a file; a link is none."""
        file = self.root / path
        try:
            return None if file.is_symlink() else file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def matching(self, glob: str) -> list[str]:
        """List regular files by their paths in the registry."""
        found = self.root.glob(glob.replace("**", "*"))
        plain = (one for one in found if one.is_file() and not one.is_symlink())
        return sorted(one.relative_to(self.root).as_posix() for one in plain)

    def half_done(self) -> bytes | None:
        """Say that nothing is: what an edit left was finished or undone by `recover`."""
        return None

    def settle(self, change: Change) -> str:
        """Put the change; there is no commit."""
        self.put(change)
        return ""

    def put(self, change: Change) -> None:
        """Write the bundle, let the new index wait, write the included files, let it in."""
        places = {path: self._place(path) for path in sorted(change.files)}
        if change.tree is not None:
            self._add(change.folder, change.tree)
        if change.signature is not None:
            replace(self.root / f"{SIGNATURE}{_WAITING}", change.signature)
        replace(self.root / f"{FILE}{_WAITING}", change.index)
        for path, place in places.items():
            replace(place, change.files[path])
        self._let_in()

    def recover(self) -> None:
        """Finish what an edit left, or undo it: the index that is true stays."""
        waiting = self.read(f"{FILE}{_WAITING}")
        if waiting is not None and self._is_true(waiting):
            self._let_in()
        for name in (SIGNATURE, FILE):
            (self.root / f"{name}{_WAITING}").unlink(missing_ok=True)
        for part in (*self.root.glob(f".*{PART}"), *self.root.glob(f"packages/.*{PART}")):
            part.unlink()
        for half in self.root.glob(f"bundles/*/.*{_WAITING}"):
            shutil.rmtree(half)

    def _is_true(self, waiting: bytes) -> bool:
        try:
            loaded(self, waiting)
        except StructureError:
            return False
        return True

    def _let_in(self) -> None:
        # The signature first: until the index follows, the one that waits says what is meant.
        with suppress(FileNotFoundError):
            (self.root / f"{SIGNATURE}{_WAITING}").replace(self.root / SIGNATURE)
        (self.root / f"{FILE}{_WAITING}").replace(self.root / FILE)

    def _place(self, path: str) -> Path:
        """Give the place of a file or folder, in a folder of the registry that is there then."""
        place, root = self.root / path, self.root.resolve()
        if not place.parent.resolve().is_relative_to(root):
            raise HocketError(
                path,
                found="a link on the way leads out of the registry",
                expected="folders of its own",
                hint="Nothing was published.",
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _add(self, path: str, tree: Tree) -> None:
        """Put a bundle where none is; the same one may be there already."""
        target = self._place(path)
        if target.is_symlink() or target.exists():
            _same(path, target, tree)
            return
        aside = target.with_name(f".{target.name}{_WAITING}")
        shutil.rmtree(aside, ignore_errors=True)
        for kind, inside, content in tree.entries:
            file = aside / PurePosixPath(inside)
            file.parent.mkdir(parents=True, exist_ok=True)
            replace(file, content, kind)
        aside.rename(target)


def _same(path: str, target: Path, tree: Tree) -> None:
    with suppress(TreeRefused, OSError):
        if not target.is_symlink() and hk1(read_folder(path, target)) == hk1(tree):
            return
    raise HocketError(
        path,
        found="it is there already, with other files",
        expected="no such folder in the registry",
        hint="Nothing was published. Look into it, and take it away if nobody needs it.",
    )


@contextmanager
def held(root: Path) -> Generator[None]:
    """Keep other edits of the same registry out; raises HocketError when one is at it."""
    import fcntl  # noqa: PLC0415  (not on every system)

    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as cause:
        raise HocketError(
            "registry",
            found="another command is editing it",
            hint="Nothing was changed. Once more when that has ended.",
        ) from cause
    finally:
        os.close(folder)
