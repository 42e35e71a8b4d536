"""The ranking as it is told: places that are shared, and who could be in or out of the top."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.strengths import Strengths

SURE = 0.95
"""Whose chance to belong to the top is neither above this nor below 1 less it, is on the edge."""


@dataclass(slots=True)
class Ranked:
    """One item of the ranking."""

    index: int
    strength: float
    sd: float
    place: int
    p_top: float | None = None
    tied: bool = False

    def told(self) -> JsonValue:
        """Tell it for the result."""
        shown: dict[str, JsonValue] = {
            "index": self.index,
            "strength": round(self.strength, 4),
            "sd": round(self.sd, 4),
            "place": self.place,
            "tied": self.tied,
        }
        return shown if self.p_top is None else {**shown, "p_top": round(self.p_top, 4)}


def standings(
    ranking: Sequence[int], places: Sequence[int], strengths: Strengths, top: int | None
) -> list[Ranked]:
    """Put strengths, which are in the order of `places`, into the order of the ranking."""
    known = dict(
        zip(places, zip(strengths.theta, strengths.deviations(), strict=True), strict=True)
    )
    rows = [Ranked(index, *known[index], place) for place, index in enumerate(ranking, start=1)]
    _share_places(rows)
    if top is not None:
        _judge_top(rows, top)
    return rows


def _share_places(rows: Sequence[Ranked]) -> None:
    """Let items that are less than one sd below the first of a place share it."""
    first: Ranked | None = None
    for row in rows:
        if first is not None and abs(first.strength - row.strength) < row.sd:
            row.place, row.tied, first.tied = first.place, True, True
        else:
            first = row


def _judge_top(rows: Sequence[Ranked], top: int) -> None:
    """Say how likely each is above the line half-way between the last in and the first out."""
    edge = rows[top - 1 : top + 1]
    line = sum(row.strength for row in edge) / 2 if len(edge) > 1 else float("-inf")
    for row in rows:
        row.p_top = 0.5 * (1.0 + erf((row.strength - line) / (row.sd * sqrt(2.0))))


def boundary(rows: Sequence[Ranked]) -> list[int]:
    """Name the items that could be in or out of the top."""
    return [row.index for row in rows if row.p_top is not None and 1.0 - SURE < row.p_top < SURE]
