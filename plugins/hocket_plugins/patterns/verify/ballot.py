"""The votes on one claim, from the first to its verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket_plugins.patterns.verify.rules import VERDICTS, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import Reply, Spares
    from hocket_plugins.patterns.verify.doubt import Doubt
    from hocket_plugins.patterns.verify.rules import Rule


@dataclass(frozen=True, slots=True)
class Vote:
    """What one voter said; only the verdict is ever looked at."""

    verdict: str
    quote: JsonValue = None
    qualification: JsonValue = None


@dataclass(slots=True)
class Ballot:
    """A claim that is voted on: its rule, its votes, and what ended it without a verdict."""

    index: int
    shown: JsonValue
    """The claim as voters see it."""
    rule: Rule
    spares: Spares
    importance: JsonValue = None
    group: JsonValue = None
    doubts: tuple[str, ...] = ()
    """What screens found to differ, for the voters to look at."""
    votes: list[Vote] = field(default_factory=list[Vote])
    tally: Tally = field(default_factory=Tally)
    failed: int = 0
    ended: str | None = None
    """The end state of a vote that failed for good: there will be no verdict."""

    @property
    def wanted(self) -> int:
        """How many votes the next wave takes."""
        return 0 if self.ended else self.rule.more(self.tally)

    @property
    def state(self) -> str:
        """The verdict as it stands: votes that could not tell decide nothing."""
        leads = self.tally.leader
        return leads if leads != "cannot_tell" and self.rule.holds(self.tally) else "unverified"

    @property
    def cause(self) -> str | None:
        """Why there is no verdict."""
        if self.state != "unverified":
            return None
        if self.rule.holds(self.tally):
            return "cannot tell"
        return self.ended or "cap"

    def count(self, replies: Sequence[Reply]) -> None:
        """Count a wave; a failed vote counts for nothing and ends what it leaves undecided."""
        for reply in replies:
            self.failed += len(reply.failed) + (bool(reply.call) and not reply.ok)
            vote = _read(reply)
            if vote is None:
                self.ended = self.ended or ("invalid" if reply.ok else reply.state.value)
            else:
                self.votes.append(vote)
                self.tally.counts[vote.verdict] += 1

    def error(self, doubt: Doubt) -> float:
        """State the error of the verdict that leads; votes that could not tell are left out."""
        agreeing = max(self.tally.counts[name] for name in VERDICTS if name != "cannot_tell")
        return doubt.error(agreeing, self.tally.opinions - agreeing)

    def verdict(self, doubt: Doubt) -> dict[str, JsonValue]:
        """Tell what came of it."""
        state = self.state
        agreeing = [vote for vote in self.votes if state in (vote.verdict, "unverified")]
        limits = [vote.qualification for vote in agreeing if state == "qualified"]
        return {
            "index": self.index,
            "state": state,
            "votes": {name: self.tally.counts[name] for name in VERDICTS},
            "failed": self.failed,
            "cause": self.cause,
            "error": None if state == "unverified" else round(self.error(doubt), 4),
            "qualification": next((limit for limit in limits if limit), None),
            "quotes": [vote.quote for vote in agreeing if vote.quote],
        }


def unvoted(index: int, cause: str, state: str = "unverified") -> dict[str, JsonValue]:
    """Tell of a claim that got no vote."""
    nothing: dict[str, JsonValue] = {"error": None, "qualification": None, "quotes": []}
    votes: JsonValue = dict.fromkeys(VERDICTS, 0)
    told: dict[str, JsonValue] = {"index": index, "state": state, "votes": votes, "failed": 0}
    return {**told, "cause": cause, **nothing}


def _read(reply: Reply) -> Vote | None:
    if not reply.ok or not isinstance(reply.value, dict):
        return None
    verdict = reply.value.get("verdict")
    if verdict not in VERDICTS:
        return None
    return Vote(str(verdict), reply.value.get("quote"), reply.value.get("qualification"))
