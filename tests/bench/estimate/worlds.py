"""Worlds in which a workflow's agents live: how long their lists are, what they say and take.

A world is fixed for all runs of a workflow; a run is one draw of it. What an estimate may know
of a world is what the journals of its runs say.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.api.markers import hookimpl
from hocket.estimate.kinds import Kinds

if TYPE_CHECKING:
    from hocket.api.calls import Call
    from hocket.api.protocols import CallContext

NAME, MODEL = "world", "world-1"
PRICES = "[prices.world-1]\ninput = 3.0\noutput = 15.0\ncache_read = 0.3\ncache_write = 3.75\n"
"""What a person says in their own settings."""


@dataclass(frozen=True)
class Spread:
    """How far things differ: sigmas of lognormals."""

    run: float = 0.3
    """Between whole runs, all calls of one together."""
    call: float = 0.8
    lists: float = 0.5
    """Between the lists of one place; their mean differs from place to place by as much."""
    fail: float = 0.02


@dataclass
class World:
    """What holds for all runs of one workflow."""

    seed: int
    spread: Spread = field(default_factory=Spread)

    def chance(self, *name: object) -> random.Random:
        """Give chance that belongs to a place of this world."""
        return random.Random(f"{self.seed}:{name}")

    def mean_length(self, place: str) -> float:
        """Give how long lists of a place are in the mean."""
        return self.chance("length", place).choice([2.0, 3.0, 4.0, 6.0, 8.0])

    def size(self, kind: str) -> float:
        """Give how much agents of a kind take, over what is usual."""
        return self.chance("size", kind).lognormvariate(0.0, 0.5)

    def shares(self, place: str, count: int) -> list[float]:
        """Give how often each value of an enum is said."""
        chance = self.chance("shares", place)
        return [chance.gammavariate(1.0, 1.0) + 0.05 for _ in range(count)]


class WorldBackend:
    """The agents of one run in a world; it is no simulation that hocket knows of."""

    name = NAME
    has_workspace = False
    checks_pass = True

    def __init__(self, world: World, run: int) -> None:
        self._world, self._run = world, run
        self._kinds = Kinds()
        self._effect = world.chance("run", run).lognormvariate(0.0, world.spread.run)

    def bound(self, call: Call) -> Bound:
        """Reserve enough for anything."""
        return Bound(1_000_000, 100_000_000)

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Take tokens and time, and answer or fail."""
        chance = self._world.chance(self._run, call.key, call.occurrence)
        kind = self._kinds.of(call)
        place = f"{kind.phase}:{kind.shape}"
        usage, seconds = self._taken(place, chance)
        await context.clock.sleep(seconds)
        context.spend(usage)
        if chance.random() < self._world.spread.fail:
            return Outcome(EndState.ERROR, cause="drawn to fail")
        schema = call.options.schema
        value = "some words" if schema is None else self._value(schema, place, chance)
        return Outcome(EndState.OK, value)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _taken(self, place: str, chance: random.Random) -> tuple[Usage, float]:
        much = self._world.size(place) * self._effect
        much *= chance.lognormvariate(0.0, self._world.spread.call)
        turns = max(1, round(8 * much))
        usage = Usage(
            input=round(900 * much),
            cache_read=turns * 9_000 + 300 * turns * turns,
            cache_write=1_000 + 690 * turns,
            output=round(220 * turns * chance.uniform(0.7, 1.3)),
        )
        micros = (
            usage.input * 3 + usage.cache_read * 0.3 + usage.cache_write * 3.75 + usage.output * 15
        )
        return replace(usage, cost_micros=round(micros)), 4.0 * turns

    def _value(self, schema: dict, place: str, chance: random.Random) -> object:
        if "enum" in schema:
            options = schema["enum"]
            return chance.choices(options, self._world.shares(place, len(options)))[0]
        if "properties" in schema:
            fields = schema["properties"].items()
            return {name: self._value(one, f"{place}.{name}", chance) for name, one in fields}
        if "items" in schema:
            length = self._length(schema, place, chance)
            return [self._value(schema["items"], f"{place}*", chance) for _ in range(length)]
        return self._leaf(schema.get("type"), place, chance)

    def _leaf(self, kind: str | None, place: str, chance: random.Random) -> object:
        if kind == "boolean":
            yes, no = self._world.shares(place, 2)
            return chance.random() < yes / (yes + no)
        if kind == "integer":
            return chance.randrange(100)
        return f"item-{chance.randrange(1_000_000)} of {place[:3]}"

    def _length(self, schema: dict, place: str, chance: random.Random) -> int:
        mean = self._world.mean_length(place) * chance.lognormvariate(0, self._world.spread.lists)
        return max(schema.get("minItems", 0), min(schema.get("maxItems", 60), round(mean)))


class Inhabited:
    """A plugin that offers the agents of one run."""

    def __init__(self, backend: WorldBackend) -> None:
        self._backend = backend

    @hookimpl
    def hocket_register_backends(self, settings: object) -> list[WorldBackend]:
        """Offer them."""
        return [self._backend]
