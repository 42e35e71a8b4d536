"""One match: comparisons of two items until one leads by enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(slots=True)
class Match:
    """Two items until one leads by `need`; `seed` is the one that was seeded better."""

    seed: int
    other: int
    need: int
    lead: int = 0
    asked: int = 0
    answered: int = 0

    def wants(self, cap: int, *, echoes: bool) -> int:
        """How many more comparisons it is certain to need."""
        need = 1 if echoes else self.need
        if abs(self.lead) >= need or self.asked >= cap or (echoes and self.answered):
            return 0
        return min(need - abs(self.lead), cap - self.asked)

    def count(self, result: float | None) -> None:
        """Count a comparison: 1 is won by the seed, 0 by the other, ½ is a tie."""
        self.asked += 1
        if result is not None:
            self.answered += 1
            self.lead += round(2.0 * result - 1.0)

    @property
    def winner(self) -> int:
        """Who leads; without a lead the seed goes on."""
        return self.other if self.lead < 0 else self.seed

    def told(self) -> JsonValue:
        """Tell it for the result."""
        return {
            "first": self.seed,
            "second": self.other,
            "winner": self.winner,
            "comparisons": self.answered,
            "lead": abs(self.lead),
            "tie": self.lead == 0,
        }
