"""What a ranking tells: the order, the top, and how far it can be trusted."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from hocket_plugins.patterns.rank.standings import boundary, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.waves import Envelope, Waves
    from hocket_plugins.patterns.rank.arguments import RankArguments
    from hocket_plugins.patterns.rank.sightings import Sightings

LOW = 0.5
CHANCE, MANY = 0.2, 20
"""Agreement of a first round that a judge without any opinion may reach, and from how many items
on that means something."""


def told(
    given: RankArguments, ranking: Sequence[int], sightings: Sightings, waves: Waves, *, full: bool
) -> Envelope:
    """Put the result together; `full` says whether every round was played."""
    decided = bool(sightings.seen) or len(ranking) == 1
    rows = standings(ranking, sightings.places, sightings.strengths(), given.top) if decided else []
    edge = boundary(rows)
    half = sightings.split_half() if decided else None
    _remark(waves, given, half, edge, len(ranking) - len(sightings.seen))
    if len(ranking) >= MANY and sightings.first is not None and sightings.first < CHANCE:
        waves.note(
            f"in the first round forward and reversed lists agree by {sightings.first:.2f} only: "
            "the judge may have no opinion, and split_half then says too much"
        )
    result: Envelope = {
        "order": [row.told() for row in rows],
        "top": None if given.top is None else [given.items[row.index] for row in rows[: given.top]],
        "boundary": [*edge],
        "agreement": {
            "split_half": _rounded(half),
            "at_most": _rounded(_at_most(half)),
            "first_round": _rounded(sightings.first),
        },
        "method": given.way,
        "skipped": skipped(given),
    }
    stopped = None if full else "few"
    return waves.envelope(result, stopped=stopped, error={
        "split_half": _rounded(half), "at_most": _rounded(_at_most(half)),
        "basis": "strengths of lists shown forward against those of lists shown reversed",
    })  # fmt: skip


def skipped(given: RankArguments) -> JsonValue:
    """Name the items that are not there."""
    return [
        {"index": place, "state": "skipped: null item"}
        for place, item in enumerate(given.items)
        if item is None
    ]


def _remark(
    waves: Waves, given: RankArguments, half: float | None, edge: Sequence[int], unseen: int
) -> None:
    """Say in plain sentences what makes the ranking doubtful."""
    if len(given.present) > 1 and unseen:
        waves.note(f"{unseen} of {len(given.present)} items were in no list that was answered")
    if edge:
        waves.note(f"{len(edge)} items could be in or out of the top {given.top}")
    if half is not None and half < LOW:
        waves.note(f"lists shown forward and reversed agree by {half:.2f} only: lower `group`")


def _at_most(half: float | None) -> float | None:
    """Bound the agreement with the truth by that of both halves together (Spearman-Brown)."""
    return None if half is None or half <= 0.0 else sqrt(2.0 * half / (1.0 + half))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
