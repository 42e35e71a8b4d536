"""The waves of votes: who votes when, and what a vote is worth when money runs short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.fairness import order, weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.verify.ballot import Ballot
    from hocket_plugins.patterns.verify.doubt import Doubt
    from hocket_plugins.patterns.verify.panel import Panel


class Session:
    """Ballots that are open, wave after wave; no wave holds a vote that could be spared."""

    def __init__(self, panel: Panel, ballots: Sequence[Ballot], doubt: Doubt) -> None:
        self._panel = panel
        self._doubt = doubt
        turns = order([it.group for it in ballots], [it.importance for it in ballots])
        self._ballots = [ballots[turn] for turn in turns]
        self._highest = max((weight(it.importance) for it in ballots), default=0.0)

    async def wave(self, waves: Waves) -> bool:
        """Ask for all votes that are certain to be needed; False when none is."""
        wanted = [(it, count) for it in self._ballots if (count := it.wanted)]
        asks = [
            self._panel.ask(it, it.tally.votes + number, self._worth(it))
            for it, count in wanted
            for number in range(count)
        ]
        replies = iter(await waves.ask(asks) if asks else [])
        for ballot, count in wanted:
            ballot.count([next(replies) for _ in range(count)])
        return bool(wanted)

    def _worth(self, ballot: Ballot) -> float | None:
        """Value a first vote by its claim, a further one by the error that it may still mend."""
        importance = weight(ballot.importance)
        share = max(0.0, importance / self._highest) if self._highest > 0 else 0.0
        if ballot.tally.votes:
            return round(share * ballot.error(self._doubt), 4)
        return None if importance == self._highest else round(0.5 + share / 2, 4)
