"""A member of an archive, of whatever form: its name, what it is, and a way to its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.trees.digest import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "folder"
MOST_RATIO = 50
"""Bytes that a byte of an archive may become."""


class Unreadable(Exception):
    """An archive is not what its form says, or would become too much; its text says which."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member, before anything of it was read."""

    name: str
    """As it is written, a folder without its last slash; bytes that are not UTF-8 as surrogates."""
    kind: str
    """A kind of the digest, or `folder`; else what it is, in words."""
    size: int
    """What it says to have."""
    content: Callable[[], bytes]
    """Reads at most one byte more than that; raises Unreadable."""

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self.kind in KINDS

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, which is no entry of a tree."""
        return self.kind == FOLDER
