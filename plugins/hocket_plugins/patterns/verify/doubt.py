"""How wrong a verdict may be: votes on one claim share its difficulty, so they are not free."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, exp, log


@dataclass(frozen=True, slots=True)
class Doubt:
    """The error `p` of one vote, and how alike votes on one claim err: their correlation."""

    p: float = 0.2
    rho: float = 0.4
    basis: str = "assumed"
    """`controls` when both were measured on claims whose verdict is known."""

    def error(self, agreeing: int, others: int) -> float:
        """Say how likely a verdict is wrong that so many votes gave, and so many did not.

        How often a claim misleads is drawn from a Beta distribution; claims are as often true.
        """
        first, last = sorted((agreeing, others))
        odds = sum(self._odds(vote) for vote in range(first, last))
        return 1 / (1 + exp(min(odds if agreeing > others else -odds, 700)))

    def _odds(self, vote: int) -> float:
        """Give the logarithm of the odds that one more vote is right, after so many like it.

        The quotient of the Beta functions of the formula, factor by factor.
        """
        right, wrong = (share * (1 - self.rho) + vote * self.rho for share in (1 - self.p, self.p))
        return log(right / wrong)

    def worth_of(self, votes: int) -> float:
        """Say how many independent votes so many are worth: never more than 1/rho."""
        return votes / (1 + (votes - 1) * self.rho) if votes else 0.0

    @property
    def disagreement(self) -> float:
        """How often two voters differ whose errors are independent."""
        return 2 * self.p * (1 - self.p)


def votes_to_lead(lead: int, p: float) -> float:
    """Expect so many votes until one of two verdicts leads, when nothing caps them."""
    if p == 0.5:  # noqa: PLR2004  (a coin: its walk to the lead takes the square)
        return float(lead * lead)
    odds = (p / (1 - p)) ** lead
    return lead * (1 - 2 * odds / (1 + odds)) / (1 - 2 * p)


def votes_to_majority(cap: int, p: float) -> float:
    """Expect so many votes until the majority of a fixed panel is certain."""
    half = (cap + 1) // 2
    return sum(
        votes * comb(votes - 1, half - 1) * (_last(half, votes, p) + _last(half, votes, 1 - p))
        for votes in range(half, cap + 1)
    )


def _last(half: int, votes: int, p: float) -> float:
    return float(p**half * (1 - p) ** (votes - half))
