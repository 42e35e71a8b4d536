"""Scripted finders: items that are seen with known probabilities, so the truth is known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from hocket.api.calls import EndState, Usage
from hocket.api.patterns.context import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.patterns.context import Ask

ITEMS = 40
SCHEMA = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": {"type": "string"}}},
        }
    },
    "required": ["items"],
}


def alike(_chance: random.Random) -> list[float]:
    """Every item is seen equally well."""
    return [0.3] * ITEMS


def uneven(chance: random.Random) -> list[float]:
    """Most items are hard to see, some are easy."""
    return [chance.betavariate(0.6, 2.5) for _ in range(ITEMS)]


def zipf(chance: random.Random) -> list[float]:
    """Make the k-th item be seen with 1.2/k, at most .9; which is the k-th is shuffled."""
    seen = [min(0.9, 1.2 / (k + 1)) for k in range(ITEMS)]
    chance.shuffle(seen)
    return seen


POPULATIONS: dict[str, Callable[[random.Random], list[float]]] = {
    "alike": alike,
    "uneven": uneven,
    "zipf": zipf,
}


@dataclass
class Finders:
    """Finders with one or more lenses, each with its own draw of what it sees."""

    chance: random.Random
    seen: list[list[float]]
    invents: float = 0.0
    """How many items that do not exist a finder adds in the mean."""
    passes: float = 1.0
    """The share of them that voters support."""
    price: int = 0
    """Millionths of a dollar for a finder."""
    invented: int = 0

    @classmethod
    def of(cls, model: str, lenses: int, seed: str, **more: float) -> Finders:
        """Draw what each lens sees."""
        chance = random.Random(f"{seed} {model}")
        return cls(chance, [POPULATIONS[model](chance) for _ in range(lenses)], **more)

    def __call__(self, ask: Ask) -> object:
        """Answer as a finder, or as a voter, of whom all see an item alike."""
        if ask.options["role"] == "vote":
            return {"verdict": self._verdict(ask.options["item"]["id"]), "reason": "seen"}
        number = ask.options["item"]["index"]
        lens = self.seen[number % len(self.seen)]
        found = [i for i, q in enumerate(lens) if self.chance.random() < q]
        named = [f"item {i}" for i in found] + [self._invention() for _ in range(self._poisson())]
        value = {"items": [{"id": name} for name in named]}
        usage = Usage(cost_micros=self.price)
        return Reply(state=EndState.OK, value=value, call=str(number + 1), usage=usage)

    def rate(self, finders: int) -> float:
        """Expect so many new items from the next finder, knowing what each lens sees."""
        lenses = [self.seen[number % len(self.seen)] for number in range(finders + 1)]
        return sum(q[-1] * prod(1 - before for before in q[:-1]) for q in zip(*lenses, strict=True))

    def _verdict(self, name: str) -> str:
        if name.startswith("item"):
            return "supported"
        passes = random.Random(f"{name} {self.seen[0][0]}").random() < self.passes
        return "supported" if passes else "refuted"

    def _invention(self) -> str:
        self.invented += 1
        return f"invention {self.invented}"

    def _poisson(self) -> int:
        if not self.invents:
            return 0
        count, product = 0, self.chance.random()
        while product > 2.718281828459045**-self.invents:
            count, product = count + 1, product * self.chance.random()
        return count
