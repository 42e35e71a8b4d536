"""What a person demands of one command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How much the lock decides."""

    NORMAL = "normal"
    """It is solved where wishes and lock disagree."""
    LOCKED = "locked"
    """The same, but the lock must not change."""
    FROZEN = "frozen"
    """Nothing is solved and no index is read: what the lock says, byte for byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One command as it was typed."""

    command: str
    specs: tuple[str, ...] = ()
    mode: Mode = Mode.NORMAL
    offline: bool = False
    pre: bool = False
    as_name: str = ""
    """The name that the one named bundle gets here; empty: its own."""
    exports: tuple[str, ...] = ()
    """Places of other programs that the named bundles are put into, too."""
    accepted: tuple[str, ...] = ()
    prune: bool = False
    """Drop what nobody needs any more."""

    def accepts(self, consent: str) -> bool:
        """Whether an id was given."""
        return consent in self.accepted
