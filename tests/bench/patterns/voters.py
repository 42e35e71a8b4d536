"""Scripted voters and classifiers: they err at known rates, alike or not, and may fail.

Claims and items are texts that hold their number: what is true of each is drawn beforehand.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hocket.testing.patterns import fails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from hocket.api.patterns.context import Ask, Reply

OTHER = {"supported": "refuted", "refuted": "supported"}


class Voters:
    """Vote on claims; each claim misleads them as often as its error says."""

    def __init__(
        self, seed: int, count: int, error: Callable[[random.Random], float], *,
        true: float = 0.6, failing: float = 0.0,
    ) -> None:  # fmt: skip
        self._random = random.Random(seed)
        self._failing = failing
        self.errors = [error(self._random) for _ in range(count)]
        self.truths = ["supported" if self._random.random() < true else "refuted"
                       for _ in range(count)]  # fmt: skip
        self.refutations = [0] * count
        """Refutations that a voter really gave, by claim."""

    @property
    def claims(self) -> list[JsonValue]:
        """The claims, as a pattern takes them."""
        return [str(index) for index in range(len(self.truths))]

    def __call__(self, ask: Ask) -> JsonValue | Reply:
        """Vote, or fail."""
        if self._failing and self._random.random() < self._failing:
            return fails()
        index = int(str(ask.options["item"]))
        verdict = self.truths[index]
        if self._random.random() < self.errors[index]:
            verdict = OTHER[verdict]
        self.refutations[index] += verdict == "refuted"
        return {"verdict": verdict, "reason": "scripted"}


def uniform(errors: Sequence[float]) -> Callable[[random.Random], float]:
    """Draw the error of a claim's votes from a few."""
    return lambda draws: draws.choice(errors)


def beta(p: float, rho: float) -> Callable[[random.Random], float]:
    """Draw it from a Beta distribution: votes err with p, and correlate by rho."""
    if rho == 0:
        return lambda _draws: p
    spread = (1 - rho) / rho
    return lambda draws: draws.betavariate(p * spread, (1 - p) * spread)


class Classifiers:
    """Sort items into two classes, of which one is rare; each label errs at one rate."""

    def __init__(self, seed: int, count: int, *, rare: float = 0.1, error: float = 0.1) -> None:
        self._random = random.Random(seed)
        self._error = error
        rarely = round(count * rare)
        self.truths = ["rare"] * rarely + ["usual"] * (count - rarely)

    @property
    def items(self) -> list[JsonValue]:
        """The items, as a pattern takes them."""
        return [str(index) for index in range(len(self.truths))]

    def __call__(self, ask: Ask) -> JsonValue | Reply:
        """Label one item."""
        label = self.truths[int(str(ask.options["item"]))]
        if self._random.random() < self._error:
            label = "usual" if label == "rare" else "rare"
        return {"class": label, "reason": "scripted"}
