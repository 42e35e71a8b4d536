"""One comparison: two items, shown both ways round; what does not survive the swap is a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask, Spares
from hocket.api.patterns.templates import block, fill, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext, Reply
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.tournament.arguments import TournamentArguments
    from hocket_plugins.patterns.tournament.scorebook import Scorebook

    Pair = tuple[int, int]

ANSWER: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"winner": {"enum": ["first", "second"]}},
    "required": ["winner"],
    "additionalProperties": False,
}
_TASK = """Two candidates are compared by this: {}
{}Say which of the two is better, the first or the second; there is no draw. \
Which stands first means nothing."""


class Comparing:
    """Asks for comparisons, a wave at a time, and writes them into the scorebook."""

    def __init__(
        self, context: PatternContext, arguments: TournamentArguments, book: Scorebook, waves: Waves
    ) -> None:
        self._arguments = arguments
        self._by = fill(arguments.by, {"args": context.args, "count": len(arguments.present)})
        self._book = book
        self._waves = waves
        self._seen: dict[Pair, int] = {}
        self.silent = 0
        """Waves running without a single answer."""

    @property
    def over(self) -> bool:
        """Whether nothing more is asked: a stop, no call left, or judges that do not answer."""
        return self._waves.stopped is not None or self.room < 1 or self.silent > 1

    @property
    def room(self) -> int:
        """How many whole comparisons the calls that are left allow."""
        return (self._waves.left or 0) // len(self._ways((0, 0)))

    async def compare(
        self, pairs: Sequence[Pair], worth: float | None = None
    ) -> list[float | None]:
        """Give for each pair 1 if the first is better, 0 if the second, ½ for a tie.

        None: no answer, or no call left for it. The wave is cut to whole comparisons.
        """
        pairs = pairs[: self.room]
        looks = [(way, look) for pair in pairs for look in [self._look(pair)]
                 for way in self._ways(pair)]  # fmt: skip
        replies = await self._waves.ask([self._ask(way, look, worth) for way, look in looks])
        step = len(self._ways((0, 0)))
        results = [
            self._judged(pair, replies[number * step : (number + 1) * step])
            for number, pair in enumerate(pairs)
        ]
        answered = any(result is not None for result in results)
        self.silent = 0 if answered else self.silent + 1
        return results

    def _look(self, pair: Pair) -> int:
        key = (min(pair), max(pair))
        self._seen[key] = self._seen.get(key, -1) + 1
        return self._seen[key]

    def _ways(self, pair: Pair) -> list[Pair]:
        return [pair, (pair[1], pair[0])] if self._arguments.balanced else [pair]

    def _judged(self, pair: Pair, replies: Sequence[Reply]) -> float | None:
        """Count a comparison if all of it was answered; half of one would lean to a place."""
        firsts = [_first(reply) for reply in replies]
        if any(first is None for first in firsts):
            return None
        won = [first != bool(turned) for turned, first in enumerate(firsts)]
        result = sum(won) / len(won)
        self._book.write(pair, result, len(replies))
        return result

    def _ask(self, way: Pair, look: int, worth: float | None) -> Ask:
        arguments, items = self._arguments, [self._arguments.items[place] for place in way]
        options = arguments.options("judge", arguments.judge, schema=ANSWER, item=items)
        lenses = arguments.lenses
        lens = f"Look at it this way: {lenses[look % len(lenses)]}\n" if lenses else ""
        shows = [block(name, shown(item)) for name, item in zip(("first", "second"), items,
                 strict=True)]  # fmt: skip
        prompt = "\n\n".join([_TASK.format(self._by, lens), *shows, f"(Look {look + 1}.)"])
        return Ask(prompt=prompt, options={"tools": [], **options}, spares=Spares(1), worth=worth)


def _first(reply: Reply) -> bool | None:
    """Read an answer: whether the item shown first won; None is no answer."""
    winner = reply.value.get("winner") if reply.ok and isinstance(reply.value, dict) else None
    return winner == "first" if winner in ("first", "second") else None
