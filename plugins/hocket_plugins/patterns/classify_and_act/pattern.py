"""The pattern `classify_and_act`: labels, agreement where an act needs it, then acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.classify_and_act.acts import Acts, told
from hocket_plugins.patterns.classify_and_act.arguments import Act, ClassifyArguments
from hocket_plugins.patterns.classify_and_act.outcome import Outcome
from hocket_plugins.patterns.classify_and_act.questions import Questions
from hocket_plugins.patterns.classify_and_act.reading import MOST, Reading

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import PatternContext

FURTHER = 1.5
"""Votes that an item takes beyond its first label where agreement is needed: 1 to 3."""


class ClassifyAndAct:
    """Labels items, lets further voters agree where an act needs that, and acts."""

    name = "classify_and_act"
    version = 1
    arguments: type[BaseModel] = ClassifyArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Label all, confirm some, act."""
        given = ClassifyArguments.model_validate(arguments)
        questions, acts = Questions(given, context.args), Acts(given, context.args)
        readings = [Reading(n, item) for n, item in enumerate(given.items) if item is not None]
        waves = Waves(context, given.max_calls)
        await _label(waves, questions, readings, given.batch)
        for reading in readings:
            reading.needs_agreement = reading.first in given.confirm
        while await _confirm(waves, questions, readings):
            pass
        wanted = [(it, ask) for it in readings if (ask := acts.ask(it)) is not None]
        replies = await waves.ask([ask for _, ask in wanted])
        acted = [told(it, reply) for (it, _), reply in zip(wanted, replies, strict=True)]
        outcome = Outcome(given, readings)
        for text in outcome.notes():
            waves.note(text)
        whole = not any(it.failed for it in readings) and all(reply.ok for reply in replies)
        return waves.envelope(outcome.told(acted), complete=whole, error=outcome.agreement.told())

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the calls: classes are taken to be equally frequent.

        A label and each of at most three further votes may take one spare, an act none: it may
        have done its work before it failed.
        """
        given = ClassifyArguments.model_validate(arguments)
        count = sum(item is not None for item in given.items)
        labels = -(-count // given.batch)
        acting = sum(isinstance(act, Act) for act in given.acts.values())
        confirmed = len({*given.confirm}) / len(given.into)
        further = (MOST - 1) * count if given.confirm else 0
        worst = 2 * (labels + further) + (count if acting else 0)
        bound = worst if given.max_calls is None else min(worst, given.max_calls)
        expected = labels + count * (FURTHER * confirmed + acting / len(given.into))
        return CallCount(min(expected, bound), bound)


async def _label(
    waves: Waves, questions: Questions, readings: list[Reading], batch: int
) -> None:  # fmt: skip
    """Give every item its first label."""
    groups = [readings[start : start + batch] for start in range(0, len(readings), batch)]
    asks = [
        questions.one(group[0], 1) if batch == 1 else questions.batch(group) for group in groups
    ]
    replies = await waves.ask(asks)
    for group, reply in zip(groups, replies, strict=True):
        labels = questions.labels(reply, len(group))
        for reading, label in zip(group, labels, strict=True):
            reading.count(label, reply)


async def _confirm(waves: Waves, questions: Questions, readings: list[Reading]) -> bool:
    """Ask for the votes that are certain to be needed; False when none is."""
    wanted = [(it, count) for it in readings if (count := it.wanted)]
    asks = [
        questions.one(it, len(it.labels) + number)
        for it, count in wanted
        for number in range(1, count + 1)
    ]
    replies = iter(await waves.ask(asks))
    for reading, count in wanted:
        for _ in range(count):
            reply = next(replies)
            reading.count(questions.labels(reply, 1)[0], reply)
    return bool(wanted)
