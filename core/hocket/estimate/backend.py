"""The agents of a dry run: simulated answers, and tokens and time as earlier runs had them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.estimate.chance import Chance
from hocket.estimate.kinds import digest
from hocket.estimate.samples import Sample, lengths
from hocket.estimate.shaping import failing
from hocket.estimate.tally import Asked, Draw
from hocket.estimate.usages import scaled

if TYPE_CHECKING:
    from hocket.api.calls import Call, JsonObject
    from hocket.api.clock import Clock
    from hocket.api.protocols import Backend, CallContext
    from hocket.estimate.history import History
    from hocket.estimate.kinds import Kind, Kinds
    from hocket.estimate.shaping import Shaping
    from hocket.estimate.usages import Usages

NOTHING = Bound(0)


@dataclass(frozen=True, slots=True)
class Foresight:
    """What the agents of every draw know."""

    delegate: Backend
    """Makes answers up; a run that is itself simulated takes what this one takes."""
    history: History
    usages: Usages
    native: bool = False


class Aside:
    """Hears what a simulated call would spend and how long it would take; nothing is booked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.usage = Usage()
        self.turns = 0
        self.seconds = 0.0

    @property
    def clock(self) -> Aside:
        """It is its own clock: sleeping only counts."""
        return self

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        return self._clock.monotonic() + self.seconds

    def wall_ms(self) -> int:
        """Give wall-clock milliseconds."""
        return self._clock.wall_ms() + round(self.seconds * 1000)

    async def sleep(self, seconds: float) -> None:
        """Count the time."""
        self.seconds += seconds

    def spend(self, usage: Usage) -> None:
        """Count the tokens."""
        self.usage += usage
        self.turns += 1

    def progress(self, text: str) -> None:
        """Nobody looks."""


class Foreseeing:
    """A backend for one draw."""

    name = "estimate"
    has_workspace = False
    checks_pass = True

    def __init__(self, foresight: Foresight, kinds: Kinds, shaping: Shaping, number: int) -> None:
        self._known = foresight
        self._kinds = kinds
        self._shaping = shaping
        self._number = number
        chance = Chance(number)
        plain = foresight.native and not foresight.history.effects
        self.effect = 1.0 if plain else foresight.usages.effect(chance)
        self.draw = Draw()

    def bound(self, call: Call) -> Bound:  # noqa: ARG002
        """Reserve nothing: a dry run has no budget, so that it can be found over one."""
        return NOTHING

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Give the call an answer, a time and a usage."""
        chance = Chance(self._number, f"{call.key}:{call.occurrence}")
        kind = self._kinds.of(call)
        known = self._known.history.of(kind)
        schema = self._shaping.shaped(call, known, chance)
        options = replace(call.options, schema=schema)
        # The simulated agents draw by key: another draw is another world.
        posed = replace(call, key=f"{self._number}:{call.key}", options=options)
        aside = Aside(context.clock)
        outcome = await self._known.delegate.run(posed, cast("CallContext", aside))
        asked = Asked(call.number, kind, self._sample(call, kind, aside, chance))
        self.draw.calls.append(asked)
        if asked.sample.seconds > 0:
            await context.clock.sleep(asked.sample.seconds)
        context.spend(asked.sample.usage)
        if (known.ended or not self._known.native) and chance.unit() < failing(known):
            return Outcome(EndState.ERROR, cause="estimate: this call was drawn to fail")
        for place, length in lengths(outcome.value):
            asked.lists[place] = asked.lists.get(place, 0) + length
        changes = self._changes(call) if call.options.isolation else None
        return replace(outcome, changes=changes)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _changes(self, call: Call) -> JsonObject:
        """Say that an isolated call changed something, by a patch that nobody can read."""
        patch = digest([self._number, call.key, call.occurrence])
        return {"patch": patch, "branch": None, "base": None, "files": 1, "insertions": 1}

    def _sample(self, call: Call, kind: Kind, aside: Aside, chance: Chance) -> Sample:
        usages = self._known.usages
        if self._known.native and not usages.known(kind):
            return Sample(aside.usage, aside.turns, aside.seconds)
        return scaled(usages.draw(call, kind, chance), self.effect)
