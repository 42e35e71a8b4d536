"""The top one: left to the pattern `tournament`, and told as a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.patterns.rank.outcome import skipped
from hocket_plugins.patterns.rank.standings import SURE

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.patterns.waves import Envelope, Waves
    from hocket_plugins.patterns.rank.arguments import RankArguments

_SHARED = ("by", "items", "judge", "lenses")


async def champion(given: RankArguments, waves: Waves) -> Envelope:
    """Find the best by a tournament; its order is that of the chances to be the best."""
    passed = {name: value for name, value in given.model_dump(include={*_SHARED}).items() if value}
    told = await waves.pattern("tournament", {**(given.__pydantic_extra__ or {}), **passed})
    ranked = told["order"]
    rows = [row for row in ranked if isinstance(row, dict)] if isinstance(ranked, list) else []
    wanted = given.top or 1
    order: list[JsonValue] = [
        {**row, "place": place, "tied": False, "p_top": row["p_best"]}
        for place, row in enumerate(rows, start=1)
    ]
    edge: list[JsonValue] = [row["index"] for row in rows if 1.0 - SURE < _chance(row) < SURE]
    result: Envelope = {
        "order": order,
        "top": [
            given.items[place] for row in rows[:wanted] if isinstance(place := row["index"], int)
        ],
        "boundary": edge,
        "agreement": {"split_half": None, "at_most": None},
        "method": "tournament",
        "skipped": skipped(given),
    }
    stopped = told["stopped"]
    return waves.envelope(
        result,
        stopped=stopped if isinstance(stopped, str) else None,
        complete=told["complete"] is True,
        error=told["error"],
    )


def _chance(row: dict[str, JsonValue]) -> float:
    chance = row["p_best"]
    return chance if isinstance(chance, float) else 0.0
