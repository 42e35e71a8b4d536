"""Items with a planted strength, and judges who see it through Gumbel noise (Plackett-Luce)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from math import log
from statistics import correlation
from string import ascii_uppercase
from typing import TYPE_CHECKING

from hocket.api.patterns.draws import Draws
from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hocket.api.calls import Call

SPREADS = {"hard": 1.5, "easy": 3.0}
"""Of two items the better one is preferred in 79 (hard) or 88 (easy) of 100 looks."""
CRITERION = "how urgent it is for a small team"
ASPECTS = ["Does it stop people from working?", "Is it due this week?", "Can nobody else do it?"]


@dataclass(frozen=True)
class PlantedItems:
    """So many items in a file, none of which shows how strong it is."""

    seed: int = 0
    count: int = 60
    spread: str = "hard"
    file: str = "items.jsonl"

    @cached_property
    def truth(self) -> dict[str, float]:
        """The strength of each item, by its title."""
        draws = draws_of("items", self.seed)
        spread = SPREADS[self.spread]
        return {f"item {number:04}": spread * draws.normal() for number in range(self.count)}

    def write(self, folder: Path) -> None:
        """Write them as JSON lines, in an order of their own."""
        titles = Draws(self.seed + 1).shuffled([*self.truth])
        lines = [json.dumps({"id": title[5:], "title": title}) for title in titles]
        (folder / self.file).write_text("\n".join(lines) + "\n", "utf-8")

    def agents(self) -> dict[str, Callable[..., object]]:
        """Give one who restates the criterion, and judges of lists and of pairs."""
        return {"aspects": lambda _call: {"aspects": ASPECTS}, "judge": self._judge}

    def best(self, count: int) -> set[str]:
        """Name the truly best."""
        return {*sorted(self.truth, key=lambda title: -self.truth[title])[:count]}

    def share(self, ranked: Sequence[str], count: int, among: int) -> float:
        """Say which share of the first so many is among so many truly best."""
        return len({*ranked[:count]} & self.best(among)) / count

    def spearman(self, ranked: Sequence[str]) -> float:
        """Correlate an order, the best first, with the truth."""
        true = sorted(self.truth, key=lambda title: -self.truth[title])
        places = {title: place for place, title in enumerate(true)}
        return correlation([places[title] for title in ranked], range(len(ranked)))

    def _judge(self, call: Call, draws: Draws) -> object:
        items = call.options.item
        seen = [self.truth[item["title"]] + _gumbel(draws) for item in items]
        order = sorted(range(len(seen)), key=lambda place: -seen[place])
        if "winner" in call.options.schema["properties"]:
            return {"winner": ("first", "second")[order[0]]}
        return {"order": [ascii_uppercase[place] for place in order]}


def _gumbel(draws: Draws) -> float:
    return -log(-log(1.0 - draws.unit()))
