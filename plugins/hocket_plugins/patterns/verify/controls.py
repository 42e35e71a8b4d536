"""Claims whose verdict is known, mixed in unmarked: they show how voters err, and how alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Spares
from hocket_plugins.patterns.verify.ballot import Ballot
from hocket_plugins.patterns.verify.doubt import Doubt
from hocket_plugins.patterns.verify.panel import bare
from hocket_plugins.patterns.verify.rules import Full

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket_plugins.patterns.verify.arguments import VerifyArguments

ENOUGH = 20
"""Votes without which nothing is measured."""
WRONG = 5
"""Wrong ones among them without which nothing is measured."""


@dataclass(slots=True)
class Controls:
    """The control claims of one run, their votes, and what these say about voters."""

    arguments: VerifyArguments
    ballots: list[Ballot] = field(default_factory=list[Ballot])

    def __post_init__(self) -> None:
        """Open a ballot for each, numbered after those of the claims."""
        for index, control in enumerate(self.arguments.controls, len(self.arguments.claims)):
            spares = Spares(self.arguments.spares_of(self.size))
            self.ballots.append(Ballot(index, self._shown(control), Full(self.size), spares, "low"))

    @property
    def size(self) -> int:
        """How many votes a control gets: every lens once, and at least a pair."""
        return max(2, min(len(self.arguments.looks), self.arguments.rule_of(None).cap))

    def doubt(self) -> Doubt:
        """Measure the error of a vote and the correlation, or take what was assumed."""
        told = [self._wrong(ballot) for ballot in self.ballots]
        wrong, votes = sum(w for w, _ in told), sum(k for _, k in told)
        pairs = sum(k * (k - 1) for _, k in told)
        if votes < ENOUGH or not WRONG <= wrong < votes or not pairs:
            return Doubt(self.arguments.p, self.arguments.rho)
        p = wrong / votes
        both = sum(w * (w - 1) for w, _ in told) / pairs
        rho = (both - p * p) / (p * (1 - p))
        return Doubt(p, min(max(rho, 0.0), 0.99), "controls")

    def note(self) -> str | None:
        """Say what the controls showed."""
        if not self.ballots:
            return None
        told = [self._wrong(ballot) for ballot in self.ballots]
        share = f"{sum(w for w, _ in told)} of {sum(k for _, k in told)} control votes were wrong"
        if self.doubt().basis == "controls":
            return f"{share}; the stated error rests on them"
        return f"{share}: too few to measure by ({ENOUGH} votes, {WRONG} wrong), error is assumed"

    def _wrong(self, ballot: Ballot) -> tuple[int, int]:
        """Count the wrong votes, and all that could tell."""
        known = self.arguments.controls[ballot.index - len(self.arguments.claims)]["verdict"]
        return ballot.tally.opinions - ballot.tally.counts[str(known)], ballot.tally.opinions

    def _shown(self, control: dict[str, JsonValue]) -> JsonValue:
        """Show a control as claims are shown: a bare text among bare texts."""
        rest = bare(control)
        claims = [claim for claim in self.arguments.claims if claim is not None]
        if isinstance(rest, dict) and len(rest) == 1 and all(isinstance(it, str) for it in claims):
            return next(iter(rest.values()))
        return rest
