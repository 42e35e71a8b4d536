"""What escalation comes to on paper: accuracy, calls asked twice, and cost."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Case:
    """Two models on one set of queries: how often each is right, and how often at least one."""

    name: str
    weak: float
    strong: float
    either: float

    @property
    def only_weak(self) -> float:
        """The share that the strong model would spoil."""
        return self.either - self.strong

    @property
    def only_strong(self) -> float:
        """The share that the strong model would save."""
        return self.either - self.weak

    @property
    def both(self) -> float:
        """The share that both are right about."""
        return self.weak + self.strong - self.either


@dataclass(frozen=True, slots=True)
class Verifier:
    """How good the verdicts are: the share of wrong answers it catches, and of false alarms."""

    catches: float
    alarms: float = 0.1


WEAK_COST, VERDICT_COST = 0.1, 0.05
"""In parts of what the strong model costs for a query."""
MMLU = Case("MMLU", 0.681, 0.806, 0.859)
GSM8K = Case("GSM8K", 0.638, 0.857, 0.929)


def accuracy(case: Case, verifier: Verifier) -> float:
    """Give the share of right answers: what both know, is kept rightly, or is saved."""
    kept = case.only_weak * (1 - verifier.alarms)
    return case.both + kept + case.only_strong * verifier.catches


def escalated(case: Case, verifier: Verifier) -> float:
    """Give the share of calls that the strong model is asked for as well."""
    return (1 - case.weak) * verifier.catches + case.weak * verifier.alarms


def cost(case: Case, verifier: Verifier) -> float:
    """Give the cost of a query in parts of the strong model's."""
    return WEAK_COST + VERDICT_COST + escalated(case, verifier)


def break_even(case: Case, alarms: float) -> float:
    """Give the share that a verifier has to catch to be as good as the strong model alone."""
    return 1 - case.only_weak / case.only_strong * (1 - alarms)


def accuracy_error(case: Case, verifier: Verifier, queries: int) -> float:
    """Give the standard error of the accuracy, as only verdicts are drawn."""
    t, f = verifier.catches, verifier.alarms
    return sqrt((case.only_weak * f * (1 - f) + case.only_strong * t * (1 - t)) / queries)


def cost_error(case: Case, verifier: Verifier, queries: int) -> float:
    """Give the standard error of the cost."""
    t, f = verifier.catches, verifier.alarms
    return sqrt(((1 - case.weak) * t * (1 - t) + case.weak * f * (1 - f)) / queries)
