"""What scripted agents really did, to compare with what a report says of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Log:
    """Kept outside of the run: no agent and no script sees it."""

    opened: set[str] = field(default_factory=set)
    """Documents that some agent read to the end."""
    skipped: set[str] = field(default_factory=set)
    """Documents that a lazy agent left unread, or left in the middle."""
    lured: list[str] = field(default_factory=list)
    """Canaries in texts that a gullible agent read."""
    drawn: dict[str, int] = field(default_factory=dict)
    """How many facts were taken, misread, invented."""

    def count(self, what: str) -> None:
        """Count one more."""
        self.drawn[what] = self.drawn.get(what, 0) + 1
