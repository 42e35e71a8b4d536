"""What a ranking is told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from hocket.api.patterns.arguments import CallOptions, PatternArguments

Method = Literal["auto", "pairs", "buckets", "tournament"]

FEW = 8
"""Up to so many items all pairs are affordable: 56 calls."""


class RankArguments(PatternArguments):
    """Items to order, by what, and how many of the best are wanted."""

    items: list[JsonValue]
    by: str
    """What puts one item before another."""
    top: int | None = Field(default=None, ge=1)
    """Only the best so many matter: the rest is left where the first rounds put it."""
    method: Method = "auto"
    group: int = Field(default=10, ge=2, le=26)
    """Items in one list."""
    rounds: int | None = Field(default=None, ge=1, le=20)
    """Rounds over all items (3), or among the finalists of a top (4)."""
    judge: CallOptions | None = None
    lenses: list[str] | None = Field(default=None, min_length=1)
    """Ways to look: round k is told number k mod L."""
    max_calls: int | None = Field(default=None, ge=0)

    @property
    def present(self) -> list[int]:
        """The places of the items that are there."""
        return [place for place, item in enumerate(self.items) if item is not None]

    @property
    def way(self) -> Method:
        """The method, once `auto` is decided."""
        if self.method != "auto":
            return self.method
        if self.top == 1:
            return "tournament"
        return "pairs" if len(self.present) <= FEW else "buckets"
