"""Queries of which is known who answers them right, and for how much: made up, or of a table.

Public tables are read as `hocket report routers --labels` reads them: RouterBench exported as CSV
(`MODEL` and `MODEL|total_cost`), and the evaluation files of RouteLLM (columns of two models).
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from formula import WEAK_COST

from hocket.launch.routing.labels import Mark, read_labels

if TYPE_CHECKING:
    from pathlib import Path

    from formula import Case

    from hocket.launch.routing import Labels

WEAK, STRONG = "weak", "strong"
PAIR = 2


def made_up(case: Case, count: int, seed: int) -> Labels:
    """Make queries on which the two models are right exactly as often as the case says."""
    parts = (
        ((True, True), case.both),
        ((True, False), case.only_weak),
        ((False, True), case.only_strong),
    )
    kinds = [kind for kind, share in parts for _ in range(round(share * count))]
    kinds += [(False, False)] * (count - len(kinds))
    Random(seed).shuffle(kinds)
    return {
        f"query {number}": {WEAK: Mark(float(weak), WEAK_COST), STRONG: Mark(float(strong), 1.0)}
        for number, (weak, strong) in enumerate(kinds[:count])
    }


def of_table(path: Path, most: int, seed: int) -> Labels:
    """Read a table; of a long one take so many queries. Unknown costs are those made up here."""
    labels = read_labels(path)
    models = set.intersection(*(set(marks) for marks in labels.values()))
    if len(models) < PAIR:
        raise ValueError(f"{path.name}: not even two models have a label for every query")
    chosen = Random(seed).sample(sorted(labels), min(most, len(labels)))
    dear = strongest(labels, models)
    return {
        query: {m: _priced(labels[query][m], dear=m == dear) for m in sorted(models)}
        for query in chosen
    }


def strongest(labels: Labels, models: set[str]) -> str:
    """Give the model that is right most often."""
    return max(sorted(models), key=lambda model: sum(m[model].right for m in labels.values()))


def cheapest(labels: Labels, models: set[str]) -> str:
    """Give the model that costs least."""
    return min(sorted(models), key=lambda model: sum(m[model].cost or 0 for m in labels.values()))


def _priced(mark: Mark, *, dear: bool) -> Mark:
    if mark.cost is not None:
        return mark
    return Mark(mark.right, 1.0 if dear else WEAK_COST)
