"""How a project stands with the person: whether its folder is trusted, and which files hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Word(StrEnum):
    """What is said of a folder."""

    TRUSTED = "trusted"
    """The person said so; each file that came with it holds as it was shown."""
    LISTED = "listed"
    """It lies in one of `trusted_folders`; everything holds as it is."""
    UNTRUSTED = "untrusted"
    REPLACED = "replaced"
    """Another folder was trusted in this place."""
    FORBIDDEN = "forbidden"
    """Nobody here may trust it."""


UNTRUSTED = (
    "this folder is not trusted (hocket trust): what agents read here counts as outside; "
    "an agent that reads it may not act"
)
DAMAGED = "what you trusted cannot be read any more, so nothing is trusted (hocket trust)"


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of what came with a project's folder; made once for a command."""

    root: Path
    word: Word
    pins: Mapping[str, str] = field(default_factory=dict[str, str])
    """The digest by which a file holds, by its path with `/`."""
    why: str = ""
    """Who listed or forbade it."""
    damaged: bool = False
    """Whether the file that says what is trusted cannot be read."""
    here: Path | None = None
    """Where the command was typed."""

    @property
    def is_trusted(self) -> bool:
        """Whether the folder is, so that what agents read in it is not from outside."""
        return self.word in {Word.TRUSTED, Word.LISTED}

    @property
    def is_listed(self) -> bool:
        """Whether everything holds as it is."""
        return self.word is Word.LISTED

    @property
    def can_be_trusted(self) -> bool:
        """Whether a person could change that."""
        return self.word in {Word.UNTRUSTED, Word.REPLACED}

    def holds(self, path: str, content: bytes) -> bool:
        """Say whether a file holds with this content."""
        return self.is_listed or self.pins.get(path) == sha256(content).hexdigest()

    def notes(self) -> tuple[str, ...]:
        """Say in plain words what a person should know; nothing where all is well."""
        said = {
            Word.UNTRUSTED: UNTRUSTED,
            Word.REPLACED: f"another folder was trusted in this place; {UNTRUSTED}",
            Word.FORBIDDEN: f"{UNTRUSTED.replace(' (hocket trust)', '')}; "
            f"{self.why} forbids to trust it",
        }.get(self.word)
        return (*([DAMAGED] if self.damaged else []), *([said] if said else []))
