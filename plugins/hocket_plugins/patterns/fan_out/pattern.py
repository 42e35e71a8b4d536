"""The pattern: ask about all units, ask offenders again, then make one answer of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.grouping import equal, keyed, text_keys
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.fan_out.arguments import FanOutArguments
from hocket_plugins.patterns.fan_out.forecast import forecast
from hocket_plugins.patterns.fan_out.invariants import broken
from hocket_plugins.patterns.fan_out.results import Results
from hocket_plugins.patterns.fan_out.units import Asking, Unit, answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import CallCount, PatternContext


class FanOut:
    """Asks one agent per item and tells of every one that gave no answer."""

    name = "fan_out"
    version = 1
    arguments: type[BaseModel] = FanOutArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Give results in the order of items, with nulls, and what was made of them."""
        given = FanOutArguments.model_validate(arguments)
        waves, asking = Waves(context, given.max_calls), Asking(given, context.args)
        await _look_ahead(context, given)
        units = [Unit(index, item) for index, item in enumerate(given.items)]
        todo = await _todo(context, given, units)
        await _ask(waves, asking, todo)
        for _ in range(given.attempts if given.invariants else 0):
            if not await _ask_again(context, waves, asking, todo):
                break
        await _note_broken(context, waves, given, todo)
        results = Results(given, units, todo)
        await results.combine(waves)
        return results.envelope(waves)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the calls as if no item were a duplicate of another."""
        return forecast(FanOutArguments.model_validate(arguments))


async def _look_ahead(context: PatternContext, given: FanOutArguments) -> None:
    """Run on nothing what comes last: a wrong option of it must not cost all calls before."""
    if given.merge is not None:
        await context.pattern("merge", {**given.shared, **given.merge, "records": []})
    if given.synthesize is not None:
        await context.pattern("synthesize", given.synthesis([], []))


async def _todo(
    context: PatternContext, given: FanOutArguments, units: Sequence[Unit]
) -> list[Unit]:
    """Leave out null items, and those whose key says the same as one before."""
    there = [unit for unit in units if unit.item is not None]
    for unit in units:
        unit.cause = "null item" if unit.item is None else None
    if given.key is None:
        return there
    keys = await text_keys(context, [keyed(unit.item, given.key) for unit in there])
    for unit, first in zip(there, equal(keys), strict=True):
        if there[first] is not unit:
            unit.cause = f"same as item {there[first].index}"
    return [unit for unit in there if unit.cause is None]


async def _ask(waves: Waves, asking: Asking, todo: Sequence[Unit]) -> None:
    """Ask about all of them, in one wave."""
    size = asking.given.batch
    if size == 1:
        replies = await waves.ask([asking.single(unit) for unit in todo])
        for unit, reply in zip(todo, replies, strict=True):
            unit.take(reply, reply.value)
        return
    batches = [todo[at : at + size] for at in range(0, len(todo), size)]
    for batch, reply in zip(
        batches, await waves.ask([asking.several(batch) for batch in batches]), strict=True
    ):
        answers(batch, reply)


async def _ask_again(
    context: PatternContext, waves: Waves, asking: Asking, todo: Sequence[Unit]
) -> bool:
    """Ask those that break an invariant, and only them, with the reasons; False: nobody does."""
    reasons = await broken(context, asking.given.invariants, todo)
    offenders = [unit for unit in todo if unit.index in reasons]
    asks = [asking.single(unit, reasons[unit.index]) for unit in offenders]
    for unit, reply in zip(offenders, await waves.ask(asks), strict=True):
        unit.take(reply, reply.value)
    return bool(offenders)


async def _note_broken(
    context: PatternContext, waves: Waves, given: FanOutArguments, todo: Sequence[Unit]
) -> None:
    """Tell what still does not hold."""
    reasons = await broken(context, given.invariants, todo)
    for unit in todo:
        unit.broken = [*reasons.get(unit.index, ())]
    if reasons:
        waves.note(f"{len(reasons)} of {len(todo)} answers do not hold: see their records")
