"""One list put in order: items under letters, shown in one order and in the reverse."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Ask, Spares
from hocket.api.patterns.templates import block, fill, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import PatternContext, Reply
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.rank.arguments import RankArguments
    from hocket_plugins.patterns.rank.sightings import Sightings

_TASK = """Put all items below in order by this: {}
{}Answer with their letters, the best first, each letter once. \
The order in which they stand means nothing."""


class Listing:
    """Asks for orders, a round at a time, and hands them to the sightings."""

    def __init__(
        self, context: PatternContext, given: RankArguments, waves: Waves, sightings: Sightings
    ) -> None:
        self._given = given
        self._waves = waves
        self._sightings = sightings
        self._by = fill(given.by, {"args": context.args, "count": len(given.present)})
        self._rounds = 0

    async def order(self, buckets: Sequence[Sequence[int]]) -> bool:
        """Have each bucket ordered, forward and reversed; False if nobody answered."""
        self._rounds += 1
        looks = [look for bucket in buckets for look in (bucket, bucket[::-1])]
        spares = [spare for _ in buckets for spare in [Spares(1)] * 2]
        asks = [self._ask(look, spare) for look, spare in zip(looks, spares, strict=True)]
        replies = await self._waves.ask(asks)
        told = [_read(look, reply) for look, reply in zip(looks, replies, strict=True)]
        for number, order in enumerate(told):
            if order is not None:
                self._sightings.add(order, reverse=bool(number % 2))
        return any(order is not None for order in told)

    def _ask(self, look: Sequence[int], spares: Spares) -> Ask:
        given, number = self._given, self._rounds
        items = [given.items[place] for place in look]
        letters = ascii_uppercase[: len(items)]
        options = given.options("judge", given.judge, schema=_schema(letters), item=items)
        lenses = given.lenses
        lens = f"Look at it this way: {lenses[(number - 1) % len(lenses)]}\n" if lenses else ""
        shows = [block(letter, shown(item)) for letter, item in zip(letters, items, strict=True)]
        prompt = "\n\n".join([_TASK.format(self._by, lens), *shows, f"(Round {number}.)"])
        worth = None if number == 1 else 1.0 / number
        return Ask(prompt=prompt, options={"tools": [], **options}, spares=spares, worth=worth)


def _schema(letters: str) -> JsonValue:
    count = len(letters)
    order: dict[str, JsonValue] = {
        "type": "array",
        "items": {"enum": [*letters]},
        "minItems": count,
        "maxItems": count,
        "uniqueItems": True,
    }
    return {
        "type": "object",
        "properties": {"order": order},
        "required": ["order"],
        "additionalProperties": False,
    }


def _read(look: Sequence[int], reply: Reply) -> list[int] | None:
    """Give the places in the order answered; what is no permutation is no answer."""
    order = reply.value.get("order") if reply.ok and isinstance(reply.value, dict) else None
    letters = [str(letter) for letter in order] if isinstance(order, list) else []
    if sorted(letters) != [*ascii_uppercase[: len(look)]]:
        return None
    return [look[ascii_uppercase.index(letter)] for letter in letters]
