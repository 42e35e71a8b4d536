"""What became of a case: one line of the table."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "case | points | survived | repeats (max) | orphans | seconds | not run: reason"


@dataclass
class Row:
    """One case: how many points, how many survived, and what became of the others."""

    case: str
    what: str
    points: int = 0
    survived: int = 0
    repeats: int = 0
    orphans: int = 0
    seconds: float = 0.0
    not_run: str = ""
    broken: list[str] = field(default_factory=list)

    def try_point(self, name: str, point: Callable[[Path], int | None]) -> None:
        """Try one point in a fresh project."""
        self.points += 1
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            (project / ".hocket").mkdir(mode=0o700)
            try:
                again = point(project)
            except AssertionError as error:
                self.broken.append(f"{name}: {error}")
                return
        self.survived += 1
        self.repeats = max(self.repeats, again or 0)

    def __str__(self) -> str:
        """Give the line, and what did not survive below it."""
        figures = (self.case, self.points, self.survived, self.repeats, self.orphans, self.seconds)
        line = " | ".join(map(str, (*figures, self.not_run or f"- ({self.what})")))
        return "\n".join([line, *(f"    {text}" for text in self.broken[:5])])
