"""What a tournament is told."""

from __future__ import annotations

from pydantic import Field, JsonValue

from hocket.api.patterns.arguments import CallOptions, PatternArguments

EXPECTED, MOST = 6, 8
"""Calls an item: what to expect, and the bound unless told."""


class TournamentArguments(PatternArguments):
    """Items to compare, by what, and how sure to be of the winner."""

    items: list[JsonValue]
    by: str
    """What makes one candidate better than another."""
    judge: CallOptions | None = None
    lenses: list[str] | None = Field(default=None, min_length=1)
    """Ways to look: comparison k of a pair is told number k mod L."""
    balanced: bool = True
    """Show each pair both ways round. Off only for judges that are known to be order-free."""
    start: int = Field(default=1, ge=1, le=50)
    """The lead that wins a match of the first rounds."""
    grow: bool = True
    """Ask for one more lead every second round: near the final accuracy is cheap."""
    match_cap: int = Field(default=5, ge=1, le=100)
    """Most comparisons of one match; then the lead counts, else the better seed goes on."""
    sure: float | None = Field(default=0.9, gt=0.0, lt=1.0)
    """Refine until the winner's chance to be the best is this high. None: bracket only."""
    seed_by: str | None = None
    """A field with a number, high first: the best meets the worst. None: shuffled."""
    max_calls: int | None = Field(default=None, ge=0)

    @property
    def present(self) -> list[int]:
        """The places of the items that are there."""
        return [place for place, item in enumerate(self.items) if item is not None]

    @property
    def most(self) -> int:
        """The calls that it may make: 8 an item unless told."""
        count = len(self.present)
        most = MOST * count if self.max_calls is None else self.max_calls
        return most if count > 1 else 0
