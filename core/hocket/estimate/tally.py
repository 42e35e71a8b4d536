"""What one dry run came to: its calls, what each took, and how long their lists were."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.estimate.kinds import Kind
    from hocket.estimate.samples import Place, Sample


@dataclass(slots=True)
class Asked:
    """One call of a dry run."""

    number: int
    """The call's; a stage may let a call run more than once."""
    kind: Kind
    sample: Sample
    lists: dict[Place, int] = field(default_factory=dict["Place", int])
    """Items in the lists of its answer, all lists of one place together."""


@dataclass(slots=True)
class Draw:
    """One dry run."""

    calls: list[Asked] = field(default_factory=list["Asked"])
    seconds: float = 0.0
    state: str = ""
    cause: str | None = None
    capped: bool = False
    """It asked for more than its cap; what came after that costs nothing."""
    cut: bool = False
    """It took too long, and would have gone on."""
    expected: float = 0.0
    """Calls that its patterns expected to make."""
    worst: int = 0
    """The most that they said they make."""
    inside: int = 0
    """Calls that they made."""

    @property
    def count(self) -> int:
        """How many agents were asked."""
        return len({asked.number for asked in self.calls})

    @property
    def figures(self) -> dict[str, float]:
        """Give what is to be estimated; `usd` is missing when a price is unknown."""
        usages = [asked.sample.usage for asked in self.calls]
        micros = [usage.cost_micros for usage in usages if usage.cost_micros is not None]
        figures: dict[str, float] = {
            "calls": self.count,
            "input": sum(one.input + one.cache_read + one.cache_write for one in usages),
            "output": sum(one.output for one in usages),
            "seconds": self.seconds,
        }
        return figures | ({"usd": sum(micros) / 1e6} if len(micros) == len(usages) else {})

    @property
    def most(self) -> int:
        """The most calls it could have made, if its script's own are always so many."""
        return self.count - self.inside + self.worst
