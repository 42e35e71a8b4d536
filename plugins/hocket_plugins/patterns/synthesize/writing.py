"""The last level: the answer, and what becomes of sentences that nothing carries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.api.patterns.context import Spares
from hocket_plugins.patterns.synthesize import prompts
from hocket_plugins.patterns.synthesize.citing import Draft, screened

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.context import Ask, PatternContext
    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.synthesize.arguments import SynthesizeArguments


@dataclass(frozen=True, slots=True)
class Written:
    """An answer, what was cut from it, and the numbers of sentences that cite nothing."""

    answer: JsonValue = None
    cut: list[JsonValue] = field(default_factory=list["JsonValue"])
    uncited: list[JsonValue] = field(default_factory=list["JsonValue"])


async def write(
    context: PatternContext, waves: Waves, given: SynthesizeArguments, ask: Ask
) -> Written:
    """Ask for the answer; with citations it is screened, and asked for again once."""
    reply = await waves.one(ask)
    if not reply.ok or given.cite is None:
        return Written(reply.value if reply.ok else None)
    draft = await screened(context, reply.value, given.entries)
    if draft.faults:
        prompt = prompts.again(ask.prompt, draft.text, draft.wrong(context))
        better = await waves.one(replace(ask, prompt=prompt, spares=Spares(0)))
        if better.ok:
            draft = await screened(context, better.value, given.entries)
    return await _mended(context, waves, given, draft)


async def _mended(
    context: PatternContext, waves: Waves, given: SynthesizeArguments, draft: Draft
) -> Written:
    """Cut what nothing carries, and tell what that was."""
    cut: list[JsonValue] = [
        {"sentence": sentence.strip(), "why": why} for sentence, why in draft.wrong(context)
    ]
    if cut:
        waves.note(f"carried by no quote, and cut: {len(cut)} sentences")
        draft = await screened(context, draft.without_faults(context), given.entries)
    if draft.uncited:
        waves.note(f"citing nothing: {len(draft.uncited)} sentences")
    return Written(draft.answer, cut, draft.uncited)
