"""The rules for trees: they hold for every source and every file, and a breach refuses the whole.

A reader asks an `Intake` before it reads; a tree that came as a whole is judged by `checked`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from hocket.api.protocols import Tree
from hocket.registry.trees import path_rules, text_rules
from hocket.registry.trees.breaches import Breach, TreeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1 << 20
MOST_FILES = 2_000
MOST_FILE_BYTES = 5 * MIB
MOST_BYTES = 50 * MIB
MOST_MEMBERS = 100_000
"""Of an archive; of a folder with all that is in it."""


class _Known(NamedTuple):
    """A path as it was seen first."""

    path: str
    is_folder: bool


class Intake:
    """Takes a package in, entry by entry; keeps every breach, and stops where there is too much.

    Once something is wrong no content is wanted any more, but the rest is still looked over.
    """

    def __init__(self, who: str) -> None:
        self.who = who
        self.breaches: list[Breach] = []
        self._entries: list[tuple[str, str, bytes]] = []
        self._seen: dict[str, _Known] = {}
        self._files = self._bytes = self._members = self._due = 0

    def note(self, path: str, what: str) -> None:
        """Keep a breach that a reader found."""
        self.breaches.append(Breach(path, what))

    def stop(self, path: str, what: str) -> NoReturn:
        """Keep a breach and go no further; raises TreeRefused."""
        self.note(path, what)
        raise TreeRefused(self.who, self.breaches)

    def refuse(self, path: str, what: str) -> None:
        """Count something that is no file and no folder, and keep what it is."""
        self._count()
        self.note(path, f"is {what}: only plain regular files are taken")

    def enters(self, path: str) -> bool:
        """Whether a folder may be looked into; it is no entry, but its name counts."""
        self._count()
        return self._is_fit(path, is_folder=True)

    def wants(self, path: str, size: int) -> bool:
        """Whether the content of a file is to be read, which is said to have `size` bytes."""
        self._count()
        self._files += 1
        self._bytes += size
        self._due = size
        if size > MOST_FILE_BYTES:
            self.note(path, f"has {size:,} bytes, {MOST_FILE_BYTES // MIB} MiB allowed")
        if self._files > MOST_FILES:
            self.stop("", f"more than {MOST_FILES:,} files")
        if self._bytes > MOST_BYTES:
            self.stop("", f"more than {MOST_BYTES // MIB} MiB in all")
        return self._is_fit(path, is_folder=False) and not self.breaches

    def take(self, kind: str, path: str, content: bytes) -> None:
        """Take the file that was wanted last."""
        if len(content) != self._due:
            self.note(path, f"has other than the {self._due:,} bytes that were announced")
        self._entries.append((kind, path, content))

    def tree(self) -> Tree:
        """Give the whole, sorted; raises TreeRefused with every breach."""
        tree = Tree(tuple(sorted(self._entries, key=lambda entry: entry[1])))
        if not self._files and not self.breaches:
            self.note("", "no files")
        if not self.breaches:
            self.breaches.extend(text_rules.breaches(tree))
        if self.breaches:
            raise TreeRefused(self.who, self.breaches)
        return tree

    def _count(self) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            self.stop("", f"more than {MOST_MEMBERS:,} members")

    def _is_fit(self, path: str, *, is_folder: bool) -> bool:
        found = [*path_rules.misfits(path)] or [*self._collisions(path, is_folder=is_folder)]
        self.breaches.extend(Breach(path, what) for what in found)
        return not found

    def _collisions(self, path: str, *, is_folder: bool) -> Iterator[str]:
        parts = path.split("/")
        above = (_Known("/".join(parts[:count]), is_folder=True) for count in range(1, len(parts)))
        for one in (*above, _Known(path, is_folder)):
            first = self._seen.setdefault(path_rules.folded(one.path), one)
            if first.path != one.path:
                yield f"is {first.path!r} again where case does not count"
            elif first.is_folder != one.is_folder:
                yield f"makes {one.path!r} both a file and a folder"
            elif first is not one and not one.is_folder:
                yield "is there twice"


def checked(who: str, tree: Tree) -> Tree:
    """Give a tree that keeps all rules; raises TreeRefused with every breach."""
    intake = Intake(who)
    for kind, path, content in tree.entries:
        if intake.wants(path, len(content)):
            intake.take(kind, path, content)
    return intake.tree()
