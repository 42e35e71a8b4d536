"""The bars of the offline part, on planted corpora; judged on wording it was never tuned on."""

from __future__ import annotations

import pytest
from extracts import figures

NEW = {
    "false claim -> supported": (0.0, 0.02),
    "true claim -> disagreement": (0.0, 0.04),
    "claim of an absent fact -> any verdict": (0.0, 0.05),
    "refuses when the fact is absent": (0.70, 1.0),
}
OLD = {
    "right passage first": (0.90, 1.0),
    "refuses when the fact is absent": (0.85, 1.0),
    "false claim -> supported": (0.0, 0.02),
}
ROOM = 0.02
"""On few corpora one claim more or less is a hundredth."""


def held(wording: str, seeds: range, bars: dict[str, tuple[float, float]], room: float = 0.0):
    tally = figures(wording, seeds)
    found = {row: round(tally.share(row), 4) for row in bars}
    assert {
        row: share for row, share in found.items()
        if not bars[row][0] - room <= share <= bars[row][1] + room
    } == {}  # fmt: skip


def test_the_bars_hold_on_few_corpora():
    held("new", range(100, 102), NEW, ROOM)
    held("old", range(10, 12), OLD, ROOM)


@pytest.mark.slow
def test_the_bars_hold_on_ten_corpora_of_each_wording():
    held("new", range(100, 110), NEW)
    held("old", range(10, 20), OLD)
