"""Voters and finders who err on order; the votes on one claim share how misleading it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt
from random import Random
from typing import TYPE_CHECKING

from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws

OTHER = {"supported": "refuted", "refuted": "supported"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """How often scripted agents err."""

    recall: float = 0.85
    """Share of what is there that a finder reports."""
    false_alarm: float = 0.15
    """Share of sound units that it reports none the less."""
    p: float = 0.1
    """How often a vote is wrong."""
    rho: float = 0.4
    """How much the votes on one claim err together."""
    invent: float = 0.0
    """Share of reports whose quote stands nowhere."""
    lazy: float = 0.0
    """Share of units of which an agent reads only a part, and says so."""
    overlook: float = 0.0
    """Share of units that a list leaves out, and files that it does not account for."""

    def but(self, **errors: float) -> Errors:
        """Give the same with other errors."""
        return replace(self, **errors)


USUAL = Errors()


@dataclass(frozen=True, slots=True)
class Jury:
    """Votes on claims whose truth a world knows."""

    seed: int
    errors: Errors
    is_true: Callable[[JsonValue], bool]

    def vote(self, call: Call, draws: Draws) -> JsonValue:
        """Say what is true of a claim, or the opposite as often as this claim misleads."""
        claim = call.options.item
        true = self.is_true(claim)
        verdict = "supported" if true else "refuted"
        wrong = draws.unit() < difficulty(self.seed, place(claim), self.errors.p, self.errors.rho)
        return {"verdict": OTHER[verdict] if wrong else verdict, "reason": "as the script says"}


def place(claim: JsonValue) -> str:
    """Name what a claim is about: the same in whatever words it is made."""
    told = claim if isinstance(claim, dict) else {"text": claim}
    names = ("rule", "source", "line") if "source" in told else ("rule", "text", "change")
    return repr([told.get(name) for name in names])


@lru_cache(maxsize=10_000)
def difficulty(seed: int, what: str, p: float, rho: float) -> float:
    """Give how often a vote on this is wrong, from Beta with mean p and correlation rho."""
    if rho == 0 or p == 0:
        return p
    spread = (1 - rho) / rho
    random = Random(draws_of(seed, "difficulty", what).bits())
    return random.betavariate(p * spread, (1 - p) * spread)


@dataclass(frozen=True, slots=True)
class Score:
    """What was reported beside what is there."""

    right: int
    reported: int
    there: int

    @property
    def precision(self) -> float:
        """Share of what was reported that is there; 1 where nothing was reported."""
        return self.right / self.reported if self.reported else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was reported."""
        return self.right / self.there if self.there else 1.0


def score(reported: set[object], there: set[object]) -> Score:
    """Compare two sets."""
    return Score(len(reported & there), len(reported), len(there))


def bar(share: float, trials: int) -> float:
    """Give the lowest share that so many trials of a true one still show: three standard errors."""
    return share - 3 * sqrt(share * (1 - share) / max(1, trials))
