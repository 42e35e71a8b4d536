"""Where a scope keeps what is installed: a project, or the person for all of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.locks.lock import FILE
from hocket.registry.receipts.receipt import Place, file_name, scope_id

if TYPE_CHECKING:
    from pathlib import Path


_SHARED = {
    Place.AGENTS: ".agents/skills",
    Place.CLAUDE: ".claude/skills",
    Place.CLAUDE_WORKFLOW: ".claude/workflows",
}
"""Folders of other programs: beneath the project, or beneath the person's home."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One of the two scopes, with every path in it."""

    data: Path
    """The person's data folder: receipts and the store are there for both scopes."""
    home: Path
    project: Path | None = None
    """The root of the project by its real path; None: the scope is the person's."""

    @property
    def name(self) -> str:
        """How a person calls it."""
        return "project" if self.project else "user"

    @property
    def own(self) -> Path:
        """The folder that is all hocket's."""
        return self.project / ".hocket" if self.project else self.data

    @property
    def lock(self) -> Path:
        """`hocket.lock`: in a project it is committed."""
        return (self.project or self.data) / FILE

    @property
    def held(self) -> Path:
        """The file whose lock says who changes the scope."""
        return self.own / ".lock"

    @property
    def stage(self) -> Path:
        """Where changes are made ready, on the file system of the targets."""
        return self.own / ".stage"

    @property
    def store(self) -> Path:
        """The trees of all scopes, by digest."""
        return self.data / "store"

    @property
    def receipts(self) -> Path:
        """What was installed here, a file a package."""
        return self.data / "receipts" / scope_id(str(self.project) if self.project else None)

    def receipt(self, key: str) -> Path:
        """Say where the receipt of REGISTRY/NAME is."""
        return self.receipts / file_name(key)

    @property
    def root(self) -> Path:
        """The folder that every target lies beneath; from it on no link is followed."""
        return self.project or self.home

    def base(self, place: Place) -> Path:
        """Give the folder in which targets of a kind lie."""
        if place in _SHARED:
            return self.root / _SHARED[place]
        return self.own / place.value
