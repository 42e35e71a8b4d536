"""When the votes on a claim suffice, and how many more are needed whatever they say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

VERDICTS = ("supported", "refuted", "qualified", "cannot_tell")


@dataclass(slots=True)
class Tally:
    """How many votes each verdict has."""

    counts: Counter[str] = field(default_factory=Counter[str])

    @property
    def votes(self) -> int:
        """How many votes were counted."""
        return self.counts.total()

    @property
    def opinions(self) -> int:
        """How many votes could tell."""
        return self.votes - self.counts["cannot_tell"]

    @property
    def leader(self) -> str:
        """The verdict with most votes; of equals the first, which then leads by nothing."""
        return max(VERDICTS, key=self.counts.__getitem__)

    @property
    def lead(self) -> int:
        """How far the leader is ahead of the second."""
        second, first = sorted(map(self.counts.__getitem__, VERDICTS))[-2:]
        return first - second


class Rule(Protocol):
    """Decides on a tally alone."""

    @property
    def cap(self) -> int:
        """The most votes that are counted."""
        ...

    def holds(self, tally: Tally) -> bool:
        """Say whether the leader's verdict holds."""
        ...

    def more(self, tally: Tally) -> int:
        """Say how many further votes are certain to be needed; 0: they suffice, or never will."""
        ...


@dataclass(frozen=True, slots=True)
class Sequential:
    """Stops when one verdict leads by so many votes, or at the cap."""

    cap: int
    lead: int
    plurality: bool = False
    """Whether at the cap most votes decide; else nothing is decided there."""

    def holds(self, tally: Tally) -> bool:
        """Say whether the lead is reached, or at the cap any."""
        return tally.lead >= (1 if self.plurality and tally.votes >= self.cap else self.lead)

    def more(self, tally: Tally) -> int:
        """Ask for what the leader lacks; for nothing when the cap forbids that anyway."""
        left, lacks = self.cap - tally.votes, self.lead - tally.lead
        if left <= 0 or lacks <= 0:
            return 0
        return min(lacks, left) if self.plurality or lacks <= left else 0


@dataclass(frozen=True, slots=True)
class Majority:
    """Decides like a fixed panel, but stops as soon as its outcome is certain."""

    cap: int

    def holds(self, tally: Tally) -> bool:
        """Say whether the rest of the panel cannot overturn the leader."""
        return tally.lead > self.cap - tally.votes

    def more(self, tally: Tally) -> int:
        """Ask for as many as must agree before anything is certain."""
        left = self.cap - tally.votes
        return 0 if left <= 0 or self.holds(tally) else (left - tally.lead) // 2 + 1


@dataclass(frozen=True, slots=True)
class Full:
    """Takes all votes: who stops by what they say measures voters wrongly."""

    cap: int

    def holds(self, tally: Tally) -> bool:
        """Decide nothing."""
        return tally.votes < 0

    def more(self, tally: Tally) -> int:
        """Ask for what is missing."""
        return self.cap - tally.votes
