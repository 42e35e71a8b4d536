"""What `verify` gives back: claims by verdict, the stated error, and what it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.verify.ballot import Ballot
    from hocket_plugins.patterns.verify.controls import Controls
    from hocket_plugins.patterns.verify.docket import Docket
    from hocket_plugins.patterns.verify.doubt import Doubt

    Told = dict[str, JsonValue]

STATES = ("supported", "refuted", "qualified", "unverified")
PAIRS = 20
"""Pairs of votes without which agreement says nothing."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All verdicts of one run."""

    docket: Docket
    controls: Controls

    def envelope(self, waves: Waves) -> Told:
        """Tell everything, and note what a reader must not miss."""
        doubt = self.controls.doubt()
        ballots = [*self.docket.ballots.values()]
        verdicts = self._verdicts(doubt)
        for text in self._notes(verdicts, doubt):
            waves.note(text)
        decided = [it for it in ballots if it.state != "unverified"]
        errors = [it.error(doubt) for it in decided]
        voted = [doubt.worth_of(it.tally.opinions) for it in ballots if it.tally.opinions]
        return waves.envelope(
            {
                **{state: self._claims(state, verdicts) for state in STATES},
                "verdicts": [*verdicts],
                "n_eff": _mean(voted),
            },
            complete=not any(it.ended and it.state == "unverified" for it in ballots),
            error={
                "p": round(doubt.p, 4),
                "rho": round(doubt.rho, 4),
                "basis": doubt.basis,
                "mean": _mean(errors),
            },
        )

    def _verdicts(self, doubt: Doubt) -> list[Told]:
        ballots, rest = self.docket.ballots, self.docket.unvoted
        return [
            ballots[index].verdict(doubt) if index in ballots else rest[index]
            for index in range(len(self.docket.arguments.claims))
        ]

    def _claims(self, state: str, verdicts: list[Told]) -> list[JsonValue]:
        claims = self.docket.arguments.claims
        return [it for it, told in zip(claims, verdicts, strict=True) if told["state"] == state]

    def _notes(self, verdicts: list[Told], doubt: Doubt) -> Iterator[str]:
        states = Counter(str(told["state"]) for told in verdicts)
        if states["qualified"]:
            yield f"{states['qualified']} of {len(verdicts)} claims hold only with a limit"
        if states["unverified"] and self.docket.arguments.lead != 0:
            causes = Counter(it["cause"] for it in verdicts if it["state"] == "unverified")
            named = ", ".join(f"{count} {cause}" for cause, count in causes.items())
            yield f"{states['unverified']} of {len(verdicts)} claims are unverified: {named}"
        measured = self.controls.note()
        if measured is not None:
            yield measured
        differ = _disagreement([*self.docket.ballots.values()])
        if differ is not None and differ < doubt.disagreement / 2:
            yield (
                f"voters differ in {differ:.0%} of pairs, independent ones would in "
                f"{doubt.disagreement:.0%}: they are better than assumed, or copy each other"
            )


def _disagreement(ballots: Sequence[Ballot]) -> float | None:
    """Compare the first two votes of each claim: later ones are only asked where those differ."""
    firsts = [[vote.verdict for vote in ballot.votes[:2]] for ballot in ballots]
    pairs = [pair for both in firsts if "cannot_tell" not in both for pair in pairwise(both)]
    if len(pairs) < PAIRS:
        return None
    return fmean(one != other for one, other in pairs)


def _mean(values: list[float]) -> float | None:
    return round(fmean(values), 4) if values else None
