"""Which claims get votes: screens look first, then quotas, and neither costs a call."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Spares
from hocket.api.patterns.fairness import weight
from hocket_plugins.patterns.verify.ballot import Ballot, unvoted
from hocket_plugins.patterns.verify.panel import bare

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.verify.arguments import VerifyArguments

    Verdict = dict[str, JsonValue]

ABSENT = {"quote_in_source": "quote not in source"}
"""What a claim is unverified for; of other screens the name says enough."""
TOLD = ("ok", "absent", "differs")
NOT_ASKED = "not voted on"
"""Why a claim that passed its screens has no verdict, where only those were asked for."""


@dataclass(slots=True)
class Docket:
    """Ballots of the claims that are voted on, and verdicts of those that are not."""

    arguments: VerifyArguments
    ballots: dict[int, Ballot] = field(default_factory=dict[int, Ballot])
    unvoted: dict[int, Verdict] = field(default_factory=dict[int, "Verdict"])

    async def fill(self, context: PatternContext) -> None:
        """Look at all claims, at once."""
        claims = self.arguments.claims
        found: list[dict[str, JsonValue]] = [{} for _ in claims]

        async def look(index: int) -> None:
            for name in self.arguments.screen:
                found[index][name] = _verdict(name, await context.screen(name, claims[index]))

        async with asyncio.TaskGroup() as group:
            for index in range(len(claims) if self.arguments.screen else 0):
                if claims[index] is not None:
                    group.create_task(look(index))
        for index, told in enumerate(found):
            self._admit(index, told)
        self._keep_quotas()

    def _admit(self, index: int, told: dict[str, JsonValue]) -> None:
        claim = self.arguments.claims[index]
        absent = next((name for name, value in told.items() if value == "absent"), None)
        if claim is None:
            self.unvoted[index] = unvoted(index, "null item", "skipped")
        elif absent is not None:
            self.unvoted[index] = unvoted(index, ABSENT.get(absent, f"{absent}: absent"))
        elif self.arguments.lead == 0:
            self.unvoted[index] = unvoted(index, NOT_ASKED)
        elif self.arguments.evidence and not self.arguments.of(claim, self.arguments.evidence):
            self.unvoted[index] = unvoted(index, "no evidence")
        else:
            doubts = tuple(name for name, value in told.items() if value == "differs")
            rule = self.arguments.rule_of(claim, differs=bool(doubts))
            spares = Spares(self.arguments.spares_of(rule.cap))
            importance = self.arguments.of(claim, self.arguments.importance)
            group = self.arguments.of(claim, self.arguments.group)
            self.ballots[index] = Ballot(
                index, bare(claim), rule, spares, importance, ["claims", group], doubts
            )

    def _keep_quotas(self) -> None:
        """Of each group keep the most important claims, of equals the first."""
        taken: Counter[str] = Counter()
        quota = self.arguments.quota
        for ballot in sorted(self.ballots.values(), key=lambda it: -weight(it.importance)):
            taken[repr(ballot.group)] += 1
            if quota is not None and taken[repr(ballot.group)] > quota:
                del self.ballots[ballot.index]
                self.unvoted[ballot.index] = unvoted(ballot.index, "quota")


def _verdict(name: str, told: JsonValue) -> JsonValue:
    """Refuse a screen that answers another question than whether a claim fits its source."""
    if told not in TOLD:
        raise TypeError(
            f"screen: {name!r} tells nothing of a claim; expected ok, absent or differs"
        )
    return told
