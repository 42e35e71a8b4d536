"""A version that was decided on, with everything its files are held against."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.registry.indexes.rows import Source

if TYPE_CHECKING:
    from hocket.registry.indexes.rows import Row
    from hocket.registry.indexes.verdicts import Verdict
    from hocket.registry.locks.lock import Locked


@dataclass(frozen=True, slots=True)
class Keys:
    """Whose signatures count for a registry."""

    signers: bytes
    krl: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A package before its files are there."""

    key: str
    """REGISTRY/NAME, by local names."""
    row: Row
    called: str = ""
    """The name its registry gives itself, which is the one that was signed."""
    rights: str = ""
    """The license that the index states."""
    url: str = ""
    rev: str = ""
    """Of the registry, for sources that are paths in it."""
    is_stated: bool = True
    """A registry states the row; else it was made of the files, or tells nothing of them."""
    locked: Locked | None = None
    keys: Keys | None = None
    trusts: bool = False
    """The registry says that it signs."""
    refusal: Verdict | None = None
    """What the log of its registry has against the row."""

    @property
    def who(self) -> str:
        """Name it in a message."""
        return f"{self.key} {self.row.version}"

    @property
    def pinned(self) -> Locked | None:
        """What the lock says of this very version."""
        return self.locked if self.locked and self.locked.version == self.row.version else None


def rooted(row: Row, url: str, rev: str) -> Row:
    """Give a row whose files are the whole of its registry a source that a lock can name."""
    return replace(row, source=Source(git=url, rev=rev)) if row.source == Source() else row
