"""The pattern: generate, tell apart, judge, and let the best few meet."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from hocket.api.patterns.context import CallCount
from hocket.api.patterns.grouping import reader_calls
from hocket.api.patterns.waves import Waves
from hocket_plugins.patterns.generate_and_filter.finals import Placed, compare
from hocket_plugins.patterns.generate_and_filter.ideas import generate, tell_apart
from hocket_plugins.patterns.generate_and_filter.rubric import judge
from hocket_plugins.patterns.generate_and_filter.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import PatternContext
    from hocket_plugins.patterns.generate_and_filter.ideas import Idea


class GenerateAndFilter:
    """Wishes for many ideas and keeps the best few."""

    name = "generate_and_filter"
    version = 1
    arguments: type[BaseModel] = Wish

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Keep the best ideas; each of the others says why it was dropped."""
        wish = Wish.model_validate(arguments)
        waves = Waves(context, wish.max_calls)
        ideas = await generate(waves, context, wish)
        await tell_apart(waves, context, wish, ideas)
        unique = _left(ideas)
        await judge(waves, wish, unique)
        placed = await _placed(waves, wish, sorted(_left(ideas), key=_by_score))
        kept, rest = placed[: wish.keep], placed[wish.keep :]
        for loser in rest:
            loser.idea.drop("score")
        failed = [idea for idea in ideas if idea.why == "failed"]
        if failed:
            waves.note(f"{len(failed)} of {wish.n} ideas failed and were not judged")
        open_ends = wish.finals and bool(rest) and kept[0].p_top is None
        result: dict[str, JsonValue] = {
            "kept": [_kept(winner) for winner in kept],
            "dropped": [_dropped(idea) for idea in ideas if idea.why is not None],
            "unique": len(unique),
            "asked": wish.n,
        }
        return waves.envelope(
            result,
            stopped="max" if open_ends and waves.left == 0 else None,
            complete=not open_ends and len(failed) < max(1, len(ideas)),
            error=_error(wish, kept),
        )

    def calls(self, arguments: BaseModel) -> CallCount:
        """Expect every idea to be unlike the others; at worst every call fails once."""
        wish = Wish.model_validate(arguments)
        readers = reader_calls(wish.n).expected if wish.same is not None else 0
        asked = len(wish.batches) + readers + wish.n * wish.judges + 2 * comb(wish.finalists, 2)
        worst = 2 * int(asked)
        if wish.max_calls is None:
            return CallCount(asked, worst)
        return CallCount(min(asked, wish.max_calls), min(worst, wish.max_calls))


async def _placed(waves: Waves, wish: Wish, ranked: Sequence[Idea]) -> list[Placed]:
    """Give all that are left, best first: finalists by comparison, then the rest by score."""
    by_score = [Placed(idea) for idea in ranked]
    if not wish.finals or not ranked:
        return by_score
    if len(ranked) <= wish.keep:
        waves.note(f"{len(ranked)} ideas were left for {wish.keep} places: no finals, all kept")
        return by_score
    finalists = ranked[: 2 * wish.keep]
    found = None if waves.stopped or waves.left == 0 else await compare(waves, wish, finalists)
    if found is None:
        waves.note("the finals gave no comparison: kept by the rubric's score alone")
        return by_score
    return [*found, *by_score[len(finalists) :]]


def _left(ideas: Sequence[Idea]) -> list[Idea]:
    return [idea for idea in ideas if idea.why is None]


def _by_score(idea: Idea) -> tuple[float, int]:
    return -(idea.score or 0.0), idea.index


def _kept(placed: Placed) -> dict[str, JsonValue]:
    idea = placed.idea
    found: dict[str, JsonValue] = {"strength": placed.strength, "p_top": placed.p_top}
    return {"index": idea.index, "value": idea.value, "score": idea.score, **found}


def _dropped(idea: Idea) -> dict[str, JsonValue]:
    """Say why; what was dropped comes along, so that a person can look at it."""
    told: dict[str, JsonValue] = {"index": idea.index, "why": idea.why, "because": idea.because}
    return told if idea.value is None else {**told, "value": idea.value}


def _error(wish: Wish, kept: Sequence[Placed]) -> JsonValue:
    """State how likely a kept one does not belong there, and on what that rests."""
    chances = [placed.p_top for placed in kept if placed.p_top is not None]
    if chances:
        basis = "comparisons of the finalists; who missed the finals is not counted"
        return {"mean": round(1 - sum(chances) / len(chances), 4), "basis": basis}
    return {"mean": None, "basis": f"rubric, {wish.judges} judge(s) each: no comparison"}
