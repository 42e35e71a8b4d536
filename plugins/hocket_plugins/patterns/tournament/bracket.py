"""The bracket: seeds, byes, and matches that end as soon as one side leads by enough."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from hocket.api.patterns.draws import Draws
from hocket_plugins.patterns.tournament.match import Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket_plugins.patterns.tournament.arguments import TournamentArguments
    from hocket_plugins.patterns.tournament.comparison import Comparing
    from hocket_plugins.patterns.tournament.scorebook import Scorebook


class Bracket:
    """Plays the rounds; `champion` is known when none was cut off."""

    def __init__(self, arguments: TournamentArguments, seed: int) -> None:
        self._arguments = arguments
        self.seeds = _seeded(arguments, seed)
        self.rounds: list[list[Match]] = []
        self.champion: int | None = None

    async def play(self, comparing: Comparing, book: Scorebook) -> None:
        """Play round after round until one is left or nothing more can be asked."""
        alive = _slots(self.seeds)
        while len(alive) > 1:
            need = self._arguments.start + len(self.rounds) // 2 * self._arguments.grow
            rank = {place: number for number, place in enumerate(self.seeds)}
            pairs = [
                sorted(place for place in alive[slot : slot + 2] if place is not None)
                for slot in range(0, len(alive), 2)
            ]
            matches = [
                Match(min(pair, key=rank.__getitem__), max(pair, key=rank.__getitem__), need)
                for pair in pairs
                if len(pair) > 1
            ]
            self.rounds.append(matches)
            if not await self._round(matches, comparing, book):
                return
            winners = {
                place: match.winner for match in matches for place in (match.seed, match.other)
            }
            alive = [winners.get(pair[0], pair[0]) for pair in pairs]
        self.champion = alive[0]

    async def _round(self, matches: list[Match], comparing: Comparing, book: Scorebook) -> bool:
        """Play all matches of a round side by side; False if it was cut off."""
        cap = self._arguments.match_cap
        while True:
            open_ = [
                match for match in matches for _ in range(match.wants(cap, echoes=book.echoes))
            ]
            if not open_:
                return True
            if comparing.over:
                return False
            results = await comparing.compare([(match.seed, match.other) for match in open_])
            for match, result in zip(open_, results, strict=False):
                match.count(result)

    @property
    def ties(self) -> int:
        """Matches in which nobody leads although they were judged."""
        return sum(match.lead == 0 < match.answered for match in chain(*self.rounds))

    @property
    def unanswered(self) -> int:
        """Matches that were asked for, of which no comparison came back."""
        return sum(match.answered == 0 < match.asked for match in chain(*self.rounds))


def _seeded(arguments: TournamentArguments, seed: int) -> list[int]:
    """Order the items from best to worst seed; those without a number come last."""
    shuffled = Draws(seed).shuffled(arguments.present)
    if arguments.seed_by is None:
        return shuffled
    values = {place: _number(arguments.items[place], arguments.seed_by) for place in shuffled}
    return sorted(arguments.present, key=lambda place: -values[place])


def _number(item: JsonValue, name: str) -> float:
    value = item.get(name) if isinstance(item, dict) else None
    return float(value) if isinstance(value, int | float) else float("-inf")


def _slots(seeds: Sequence[int]) -> list[int | None]:
    """Lay out the first round: best against worst, and the best seeds have the byes."""
    order = [0]
    while len(order) < len(seeds):
        size = 2 * len(order)
        order = [seed for one in order for seed in (one, size - 1 - one)]
    return [seeds[number] if number < len(seeds) else None for number in order]
