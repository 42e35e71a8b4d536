"""What is odd about a SKILL.md that can be used all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["warn", "note"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One oddity, as a sentence after its field."""

    level: Level
    key: str
    text: str

    def __str__(self) -> str:
        """Write it as one line."""
        return ": ".join(part for part in ("SKILL.md", self.key, self.text) if part)
