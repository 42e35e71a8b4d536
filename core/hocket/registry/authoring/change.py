"""What an edit of a registry comes to: every file that is new or different, put as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hocket.registry.indexes.index import FILE as INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocket.api.protocols import Tree


@dataclass(frozen=True, slots=True)
class Change:
    """The files of one edit."""

    message: str
    """Of the commit."""
    now: datetime
    index: bytes
    """registry.toml as it shall be."""
    signature: bytes | None = None
    """Over the index, where the registry signs it."""
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Included files that are new or edited, by path."""
    folder: str = ""
    """Where the bundle goes; empty where there is none."""
    tree: Tree | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is written, but for the one of the signature."""
        inside = self.tree.entries if self.tree else ()
        bundle = (f"{self.folder}/{path}" for _kind, path, _content in inside)
        return (INDEX, *sorted(self.files), *bundle)


class Ground(Protocol):
    """Where a registry lies: a folder, or a branch of a repository."""

    def read(self, path: str) -> bytes | None:
        """Give a file as it holds now; None where there is none."""
        ...

    def matching(self, glob: str) -> list[str]:
        """List the files that a pattern of `include` means."""
        ...

    def half_done(self) -> bytes | None:
        """Give the index that an edit wrote and did not finish; None where there is none."""
        ...

    def settle(self, change: Change) -> str:
        """Put a change, all or nothing; give the commit, where there are commits."""
        ...
