"""Polls: many claims voted on by the real pattern, and what came of each."""

from __future__ import annotations

from math import sqrt
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from voters import Voters

from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.verify.pattern import Verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import JsonValue

AT_ONCE = 1_000
SHORT: Mapping[str, JsonValue] = {"against": "?", "lenses": ["!"]}


class Case(NamedTuple):
    """One claim: what is true, what was found, by which votes, and what voters really gave."""

    truth: str
    state: str
    supporting: int
    refuting: int
    stated: float | None
    refutations: int

    @property
    def wrong(self) -> bool:
        """Whether its verdict is one, and wrong."""
        return self.state not in {self.truth, "unverified"}


class Poll:
    """Many cases, and the shares of all of them."""

    def __init__(self, panels: Iterable[Voters], arguments: Mapping[str, JsonValue]) -> None:
        self.cases: list[Case] = []
        self.calls = 0
        for panel in panels:
            given = {**SHORT, **arguments, "claims": panel.claims}
            result = run_pattern(Verify(), given, panel).result
            self.calls += result["calls"]
            for told, truth, refutations in zip(
                result["verdicts"], panel.truths, panel.refutations, strict=True
            ):
                votes, state = told["votes"], told["state"]
                counts = (votes["supported"], votes["refuted"])
                self.cases.append(Case(truth, state, *counts, told["error"], refutations))

    def __len__(self) -> int:
        """Count the claims."""
        return len(self.cases)

    @property
    def wrong(self) -> float:
        """The share of wrong verdicts among all claims."""
        return fmean(case.wrong for case in self.cases)

    def share(self, state: str) -> float:
        """Give the share that ended in this state."""
        return fmean(case.state == state for case in self.cases)


def panels(trials: float, seed: int, count: int, *how: object, **more: float) -> list[Voters]:
    """Split so many claims into panels; each draws from a seed of its own."""
    sizes = range(max(1, round(count * trials / AT_ONCE)))
    return [Voters(seed * 10_007 + number, AT_ONCE, *how, **more) for number in sizes]


def noise(share: float, count: int) -> float:
    """Give three standard errors of a share."""
    return 3 * sqrt(share * (1 - share) / count)
