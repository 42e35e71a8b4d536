"""The finals: the best candidates meet in pairs, both ways round, by another pattern."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.waves import Waves
    from hocket_plugins.patterns.generate_and_filter.ideas import Idea
    from hocket_plugins.patterns.generate_and_filter.wish import Wish

NODES = 41
"""Places at which a strength may really lie, each as likely as the others."""
LEAST = 1e-9
"""A spread of nothing is none that can be divided by."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An idea in its place; strength and probability are None without finals."""

    idea: Idea
    strength: float | None = None
    p_top: float | None = None
    """How likely it belongs to the kept ones among the finalists."""


async def compare(waves: Waves, wish: Wish, finalists: Sequence[Idea]) -> list[Placed] | None:
    """Order finalists by comparisons; None when none was to be had."""
    told = await waves.pattern("rank", _arguments(wish, finalists))
    rows = told.get("order")
    fits = [row for row in _rows(rows) if 0 <= row[0] < len(finalists)]
    if not _answered(told) or len(fits) < len(finalists):
        return None
    fits.sort(key=lambda row: (-row[1], row[0]))  # a tie goes to the better score
    chances = p_top([(strength, sd) for _, strength, sd in fits], wish.keep)
    return [
        Placed(finalists[index], strength, chance)
        for (index, strength, _), chance in zip(fits, chances, strict=True)
    ]


def p_top(strengths: Sequence[tuple[float, float]], places: int) -> list[float]:
    """Say how likely each is among the best, when strengths err independently and normally."""
    chances: list[float] = []
    for index, (mean, sd) in enumerate(strengths):
        others = [NormalDist(m, s) for n, (m, s) in enumerate(strengths) if n != index]
        mine = NormalDist(mean, sd)
        nodes = [mine.inv_cdf((node + 0.5) / NODES) for node in range(NODES)]
        chance = sum(_fewer_above(others, node, places) for node in nodes) / NODES
        chances.append(round(chance, 4))
    return chances


def _fewer_above(others: Sequence[NormalDist], value: float, places: int) -> float:
    """Say how likely fewer than so many of the others lie above a value."""
    exactly = [1.0] + [0.0] * (places - 1)
    for other in others:
        above = 1.0 - other.cdf(value)
        exactly = [
            at * (1 - above) + (exactly[n - 1] * above if n else 0.0)
            for n, at in enumerate(exactly)
        ]
    return sum(exactly)


def _arguments(wish: Wish, finalists: Sequence[Idea]) -> dict[str, JsonValue]:
    asked = "; ".join(criterion.ask for criterion in wish.rubric)
    by = _literal(f"which meets this task better:\n{finalists[0].task}\nWhat counts: {asked}")
    judge: dict[str, JsonValue] = {} if wish.judge is None else {"judge": {**wish.judge}}
    items = [idea.value for idea in finalists]
    return {**wish.shared, **judge, "items": items, "by": by, "method": "pairs"}


def _literal(text: str) -> str:
    """Write a text so that no brace in it is a place of a template."""
    return text.replace("{", "{{").replace("}", "}}")


def _answered(told: Mapping[str, JsonValue]) -> bool:
    census = told.get("census")
    return isinstance(census, dict) and bool(census.get("ok") or census.get("cached"))


def _rows(rows: JsonValue) -> list[tuple[int, float, float]]:
    """Read an order: index, strength and its standard deviation."""
    found: list[tuple[int, float, float]] = []
    for row in rows if isinstance(rows, list) else []:
        told = row if isinstance(row, dict) else {}
        index, strength, sd = (told.get(name) for name in ("index", "strength", "sd"))
        if isinstance(index, int) and isinstance(strength, int | float):
            spread = float(sd) if isinstance(sd, int | float) else 1.0
            found.append((index, float(strength), max(spread, LEAST)))
    return found
