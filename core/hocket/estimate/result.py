"""What an estimate says, and the same as one JSON object."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.calls import JsonObject

_DIGITS = {"usd": 6, "seconds": 1}


@dataclass(frozen=True, slots=True)
class Range:
    """A middle, and what nine in ten runs stay under."""

    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Driver:
    """A place of the script that costs much."""

    site: str
    share: float
    calls: float
    """In the mean."""
    usd: float | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """How the run could fit its budget, and what it would then come to."""

    what: str
    p50: float
    p90: float
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run will ask for and cost, before it is started."""

    figures: Mapping[str, Range]
    """`calls`, `input` and `output` (tokens), `seconds`, and `usd` where prices are known."""
    base: Mapping[str, float]
    """The middles as the dry runs gave them: what the run comes to is compared with these."""
    at_most: int
    """No run of it makes more calls: by its patterns' own bounds, or by the cap."""
    draws: int
    runs: int
    """Earlier runs of the workflow that it knows."""
    measured: int
    """Those among them whose estimate is known: they say how good estimates are."""
    rough: bool
    over_budget: float | None = None
    """The share of the draws that would use up the budget; None: there is none."""
    drivers: tuple[Driver, ...] = ()
    """The three places that cost most."""
    growth: tuple[str, ...] = ()
    """The formula of the cost, what its names mean, and what an agent's turns cost."""
    proposals: tuple[Proposal, ...] = ()
    notes: tuple[str, ...] = ()
    budget: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def broken(self) -> str | None:
        """Name the figure of which P90 is over its budget, if one is."""
        over = (name for name, most in self.budget.items() if self._high(name) > most)
        return next(over, None)

    @property
    def kept(self) -> JsonObject:
        """Give what the run's journal keeps of it."""
        whole = self.as_json()
        names = ("figures", "base", "at_most", "draws", "runs", "measured", "rough")
        return {name: whole[name] for name in names}

    def as_json(self) -> JsonObject:
        """Give the object that `--json` prints and a run's journal keeps."""
        return {
            "figures": {
                "usd": None,
                **{name: _pair(name, one) for name, one in self.figures.items()},
            },
            "base": {name: rounded(name, value) for name, value in self.base.items()},
            "at_most": self.at_most,
            "draws": self.draws,
            "runs": self.runs,
            "measured": self.measured,
            "rough": self.rough,
            "over_budget": self.over_budget,
            "drivers": [asdict(driver) for driver in self.drivers],
            "growth": [*self.growth],
            "proposals": [asdict(proposal) for proposal in self.proposals],
            "notes": [*self.notes],
        }

    def _high(self, name: str) -> float:
        return self.figures[name].p90 if name in self.figures else 0.0


def _pair(name: str, one: Range) -> JsonObject:
    return {"p50": rounded(name, one.p50), "p90": rounded(name, one.p90)}


def rounded(name: str, value: float) -> float:
    """Round a figure as finely as it can mean something."""
    return round(value, _DIGITS.get(name, 0)) if name in _DIGITS else round(value)
