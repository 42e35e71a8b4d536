"""Simulates `classify_and_act`: wrong acts on a rare class, and what agreement costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from row import Row, within
from voters import Classifiers

from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.classify_and_act.pattern import ClassifyAndAct

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION = "2"
AT_ONCE = 3_000
RARE = 0.1
CLAIMED = 0.1
"""The error of a label whose figures are claimed to ± .01."""
GOALS = {0.05: (0.33, 0.03), 0.1: (0.50, 0.10), 0.2: (0.69, 0.36)}
"""The share of wrong acts by the error of a label: by one label, and confirmed."""


@dataclass(slots=True)
class Sorted:
    """What came of many items of which some are rare."""

    items: int = 0
    rare: int = 0
    labels: int = 0
    acts: int = 0
    wrong: int = 0
    missed: int = 0
    escalated: int = 0
    stated: list[float] = field(default_factory=list)
    """The error of confirmed acts, as each run states it."""


def rows(trials: float = 1.0, seed: int = 0) -> list[Row]:
    """Act on a rare class by one label, and by agreement."""
    return [row for error in GOALS for row in _rows(error, trials, seed)]


def _rows(error: float, trials: float, seed: int) -> Iterator[Row]:
    single, confirmed = (sort(error, trials, seed, agree=agree) for agree in (False, True))
    model = f"10 % rare, labels err with {error:g}"
    claimed = 0.01 if error == CLAIMED else 0.02
    for how, told, goal in zip(
        ("single", "confirmed"), (single, confirmed), GOALS[error], strict=True
    ):
        wrong = told.wrong / told.acts
        yield Row(SECTION, model, f"wrong acts, {how}", wrong, goal, within(claimed, trials))
    off = fmean(confirmed.stated) - confirmed.wrong / confirmed.acts
    yield Row(SECTION, model, "error stated minus observed", off, 0, within(0.02, trials))
    if error != CLAIMED:
        return
    calls = confirmed.labels / confirmed.items
    yield Row(SECTION, model, "calls per item", calls, 1.36, within(0.01, trials))
    share = confirmed.escalated / confirmed.items
    yield Row(SECTION, model, "escalated", share, 0.016, within(0.002, trials))
    for how, told, goal in (("single", single, 0.10), ("confirmed", confirmed, 0.11)):
        missed = told.missed / told.rare
        yield Row(SECTION, model, f"missed of the rare, {how}", missed, goal, within(0.02, trials))


def sort(error: float, trials: float, seed: int, *, agree: bool) -> Sorted:
    """Sort 60,000 items by the real pattern, with an act for the rare class."""
    told = Sorted()
    for number in range(max(1, round(60_000 * trials / AT_ONCE))):
        voters = Classifiers(seed * 10_007 + number, AT_ONCE, rare=RARE, error=error)
        result = run_pattern(
            ClassifyAndAct(),
            {
                "items": voters.items,
                "into": {"rare": "the rare kind", "usual": "all others"},
                "act": {"rare": {"prompt": "Treat {id}."}},
                "confirm": ["rare"] if agree else [],
            },
            lambda ask, voters=voters: voters(ask) if ask.options["role"] != "act" else "done",
        ).result
        acted = {act["index"] for act in result["acted"]}
        rare = {index for index, truth in enumerate(voters.truths) if truth == "rare"}
        told.items += AT_ONCE
        told.rare += len(rare)
        told.labels += result["calls"] - len(acted)
        told.acts += len(acted)
        told.wrong += len(acted - rare)
        told.missed += len(rare - acted)
        told.escalated += len(result["escalated"])
        if result["error"]["confirmed"] is not None:
            told.stated.append(result["error"]["confirmed"])
    return told
