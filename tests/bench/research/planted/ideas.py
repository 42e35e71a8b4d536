"""Ideas with a planted quality: judges misread questions about it, and of a pair see it blurred.

A question is met by ideas above its threshold, seen with noise of .5 and misread in .15; of a pair
the better one is seen with noise of .7. The best three of 20 have a mean quality of 1.47.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import TYPE_CHECKING

from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws

TASK = "How could a library reach people who never come in?"
THRESHOLDS = (-1.5, -0.75, -0.2, 0.3, 0.9, 1.6)
QUESTIONS = [f"Is it better than {threshold}?" for threshold in THRESHOLDS]
MISREAD, BLUR, PAIR = 0.15, 0.5, 0.7
OWN = 1.0
"""The blur with which a generator sees the quality of its own ideas."""


@dataclass(frozen=True)
class PlantedIdeas:
    """What generators come up with, in the order in which they are asked."""

    seed: int = 0
    n: int = 20
    twins: int = 0
    """How many of the last ideas say in other words what the first ones said."""

    @cached_property
    def truth(self) -> list[float]:
        """The quality of each idea."""
        draws = draws_of("ideas", self.seed)
        own = [draws.normal() for _ in range(self.n - self.twins)]
        return [*own, *own[: self.twins]]

    def write(self, folder: Path) -> None:
        """Write nothing: ideas come out of nowhere."""

    def agents(self) -> dict[str, Callable[..., object]]:
        """Give generators, a reader who knows what is the same, judges, and a writer."""
        return {
            "work": lambda call: idea(call.options.item["index"]),
            "read": self._alike,
            "judge": self._judge,
            "synthesize": lambda call: "Idea by idea: " + ", ".join(_titles(call.options.item)),
        }

    def mean(self, chosen: Iterable[int]) -> float:
        """Give the mean quality of some ideas."""
        return fmean(self.truth[index] for index in chosen)

    def ideal(self, keep: int) -> float:
        """Give the mean quality of the best."""
        return fmean(sorted(self.truth)[-keep:])

    def self_ranked(self, keep: int) -> list[int]:
        """Keep what the generator itself likes best: one look at each, no judge."""
        draws = draws_of("own", self.seed)
        liked = [quality + OWN * draws.normal() for quality in self.truth]
        return sorted(range(self.n), key=lambda index: -liked[index])[:keep]

    def _judge(self, call: Call, draws: Draws) -> object:
        """Answer the questions about one idea, or say which of a pair is better."""
        item = call.options.item
        if isinstance(item, dict):
            return {
                f"q{number}": self._yes(item, threshold, draws)
                for number, threshold in enumerate(THRESHOLDS, 1)
            }
        seen = [self.truth[number_of(one)] + PAIR / 2**0.5 * draws.normal() for one in item]
        first = seen[0] > seen[1]
        if "winner" in call.options.schema["properties"]:
            return {"winner": "first" if first else "second"}
        return {"order": ["A", "B"] if first else ["B", "A"]}

    def _yes(self, item: dict[str, str], threshold: float, draws: Draws) -> bool:
        met = self.truth[number_of(item)] + BLUR * draws.normal() > threshold
        return met != (draws.unit() < MISREAD)

    def _alike(self, call: Call) -> object:
        """Group the ideas of one list that are twins, by their places in it."""
        alike: dict[int, list[int]] = {}
        for place, item in enumerate(call.options.item, 1):
            alike.setdefault(number_of(item) % (self.n - self.twins), []).append(place)
        return {"groups": [group for group in alike.values() if len(group) > 1]}


def idea(index: int) -> dict[str, str]:
    """Word an idea; its number says nothing about its quality."""
    return {"title": f"idea {index}", "text": f"Proposal number {index}, in words of its own."}


def number_of(item: dict[str, str]) -> int:
    """Read the number of an idea out of its title."""
    return int(re.findall(r"\d+", item["title"])[0])


def _titles(parts: Iterable[dict[str, str]]) -> list[str]:
    return [part["title"] for part in parts]
