"""The pattern: condense group by group until one prompt holds all, then write the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.templates import shown
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.synthesize import levels, prompts
from hocket_plugins.patterns.synthesize.arguments import SynthesizeArguments
from hocket_plugins.patterns.synthesize.asking import Asking
from hocket_plugins.patterns.synthesize.levels import Piece
from hocket_plugins.patterns.synthesize.writing import Written, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import PatternContext


class Synthesize:
    """Makes one answer of many parts, which says what is missing and what it cites."""

    name = "synthesize"
    version = 1
    arguments: type[BaseModel] = SynthesizeArguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Give the answer, or null when nobody could write it."""
        given = SynthesizeArguments.model_validate(arguments)
        waves = Waves(context, given.max_calls)
        asking = Asking(given, context.args, waves)
        nulls = [number for number, part in enumerate(given.parts) if part is None]
        missing = [*given.missing, *(f"part {number} is null" for number in nulls)]
        groups, depth = levels.parted(_pieces(given), given.width), 0
        while len(groups) > 1:
            groups = levels.joined(await _condensed(asking, groups, missing), given.width)
            depth += 1
        written = Written()
        if groups:
            written = await write(context, waves, given, asking.final(groups[0], missing))
            depth += 1
        return _envelope(asking, written, missing, depth)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the calls of all levels; at worst each fails once and marks need mending."""
        given = SynthesizeArguments.model_validate(arguments)
        first = levels.parted(_pieces(given), given.width)
        expected = levels.planned(len(first), given.width)
        worst = 2 * expected + (given.cite is not None and expected > 0)
        most = worst if given.max_calls is None else given.max_calls
        return CallCount(min(expected, most), min(worst, most))


def _pieces(given: SynthesizeArguments) -> list[Piece]:
    """Give the parts that there are, as they are shown."""
    return [Piece(shown(part), part=part) for part in given.parts if part is not None]


async def _condensed(
    asking: Asking, groups: Sequence[Sequence[Piece]], missing: list[str]
) -> list[Piece]:
    """Make one piece of each group; what fails is missing from here on."""
    pieces: list[Piece] = []
    replies = await asking.waves.ask([asking.condensing(group) for group in groups])
    for group, reply in zip(groups, replies, strict=True):
        parts = sum(piece.parts for piece in group)
        if reply.ok:
            pieces.append(Piece(shown(reply.value), parts))
        else:
            missing += [f"not condensed: {reply.state.value}"] * parts
    return pieces


def _envelope(asking: Asking, written: Written, missing: list[str], depth: int) -> JsonValue:
    checked = "no sentence was checked" if asking.given.cite is None else "citations were screened"
    limit = prompts.limit(missing, asking.total)
    if limit:
        asking.waves.note(limit)
    return asking.waves.envelope(
        {
            "answer": written.answer,
            "missing": [*missing],
            "cut": written.cut,
            "uncited": written.uncited,
            "levels": depth,
        },
        complete=not missing and (written.answer is not None or not asking.total),
        error={"missing": len(missing), "of": asking.total, "basis": checked},
    )
