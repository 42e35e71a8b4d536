"""Finding: when a search stops, what it finds by then, and what it says about the rest."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from finders import ITEMS, SCHEMA, Finders
from row import Row

from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.until_done.pattern import UntilDone
from hocket_plugins.patterns.verify.pattern import Verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TRIALS = 400
MOST = 60
"""Finders at most: two dry rounds may take all of them."""
WAVE = 3
MODELS = ("alike", "uneven", "zipf")
TWO_DRY = "two dry rounds"
BY_VALUE = "F·wave < .5"
TABLE = {
    ("alike", 1, TWO_DRY): (0.998, 18.6),
    ("alike", 1, BY_VALUE): (0.991, 13.6),
    ("alike", 3, BY_VALUE): (0.990, 13.8),
    ("alike", 6, BY_VALUE): (0.988, 13.6),
    ("uneven", 1, TWO_DRY): (0.79, 29.6),
    ("uneven", 1, BY_VALUE): (0.78, 28.0),
    ("uneven", 3, BY_VALUE): (0.92, 24.0),
    ("uneven", 6, BY_VALUE): (0.96, 21.7),
    ("zipf", 1, TWO_DRY): (0.87, 39.8),
    ("zipf", 1, BY_VALUE): (0.89, 42.2),
    ("zipf", 3, BY_VALUE): (0.92, 35.6),
    ("zipf", 6, BY_VALUE): (0.94, 32.2),
}
AT_24 = {
    ("alike", 1): 1.0, ("alike", 6): 1.0, ("uneven", 1): 0.77,
    ("uneven", 6): 0.97, ("zipf", 1): 0.77, ("zipf", 6): 0.90,
}  # fmt: skip
VALUES = (1.0, 2.0, 4.0, 8.0)
"""What an item is worth, in prices of a finder."""
PRICE = 1_000_000
GAINS = {("zipf", 1.0): (11, -5)}
AT_MOST = {("uneven", 12): (0.67, 0.86)}


@dataclass(frozen=True)
class Search:
    """One simulated search and the finders it sent."""

    result: dict[str, object]
    finders: Finders

    @property
    def recall(self) -> float:
        """The share of what exists that it found."""
        real = [one for one in self.result["items"] if one["value"]["id"].startswith("item")]
        return len(real) / ITEMS


def search(finders: Finders, **options: object) -> Search:
    """Run the real pattern."""
    arguments = {
        "prompt": "Find.",
        "schema": SCHEMA,
        "key": "id",
        "lenses": [f"Lens {number}." for number in range(len(finders.seen))],
        "max_agents": MOST,
        **options,
    }
    played = run_pattern(
        UntilDone(), arguments, finders, patterns=[Verify()], screens=lambda _name, it: it
    )
    return Search(played.result, finders)


def searches(
    model: str, lenses: int, count: int, seed: int, draw: dict[str, float] | None = None,
    **options: object,
) -> list[Search]:  # fmt: skip
    """Run as many searches as there are trials, each with its own draw."""
    drawn = [Finders.of(model, lenses, f"{seed} {n}", **(draw or {})) for n in range(count)]
    return [search(finders, **options) for finders in drawn]


def rows(trials: float = 1.0, seed: int = 0) -> list[Row]:
    """Simulate all claims."""
    count = max(2, round(TRIALS * trials))
    found = [*stops(count, seed), *at_24(count, seed), *forecasts(4 * count, seed)]
    return [*found, *inventions(count, seed), *bounds(count, seed), *gains(count, seed)]


def stops(count: int, seed: int) -> Iterator[Row]:
    """Say what each stopping rule finds, and after how many finders."""
    for (model, lenses, rule), (recall, agents) in TABLE.items():
        options = {"show_found": True} if rule == TWO_DRY else {}
        done = searches(model, lenses, count, seed, **options)
        name = f"{model}, lenses: {lenses}, {rule}"
        yield Row("8", name, "recall", fmean(one.recall for one in done), recall, 0.02)
        yield Row("8", name, "agents", fmean(one.result["n"] for one in done), agents, 1.5)


def at_24(count: int, seed: int) -> Iterator[Row]:
    """Say what more lenses are worth at equal price."""
    for (model, lenses), goal in AT_24.items():
        done = searches(model, lenses, count, seed, min_agents=24, max_agents=24)
        recall = fmean(one.recall for one in done)
        yield Row("8", f"{model}, lenses: {lenses}, 24 agents", "recall", recall, goal, 0.02)


def forecasts(count: int, seed: int) -> Iterator[Row]:
    """Compare what the next finder is said to bring with what it brings in the mean.

    Tolerances of ratios hold two standard errors of the simulation beside what is claimed.
    """
    for model in MODELS:
        for n in (4, 6, 12):
            done = searches(model, 1, count, seed, min_agents=n, max_agents=n)
            told = [one.result["forecast"] for one in done]
            truth = fmean(one.finders.rate(n) for one in done)
            claimed = 0.12 if (model, n) == ("alike", 12) else 0.03
            tolerance = round(claimed + 2 * _error(told) / truth, 3)
            yield Row("8", f"{model}, n = {n}", "F / truth", fmean(told) / truth, 1, tolerance)


def inventions(count: int, seed: int) -> Iterator[Row]:
    """Say what items that do not exist do to the stopping rule."""
    done = searches("alike", 1, count, seed, {"invents": 0.5})
    agents = fmean(one.result["n"] for one in done)
    yield Row("8", "alike, .5 inventions, no checks", "agents", agents, 57.5, 2.5)
    drawn = {"invents": 1.0, "passes": 0.02}
    done = searches("alike", 1, count, seed, drawn, verify={})
    agents = fmean(one.result["n"] for one in done)
    yield Row("8", "alike, 1 invention, 98 % removed", "agents", agents, 13.7, 1.3)


def bounds(count: int, seed: int) -> Iterator[Row]:
    """Compare the bound on recall with recall."""
    for model in MODELS:
        for n in (6, 12, 24):
            done = searches(model, 1, count, seed, min_agents=n, max_agents=n)
            told = fmean(one.result["recall_at_most"] for one in done)
            recall = fmean(one.recall for one in done)
            goals = AT_MOST.get((model, n), (None, None))
            yield Row("8", f"{model}, n = {n}", "recall", recall, goals[0], 0.02)
            yield Row("8", f"{model}, n = {n}", "recall at most", told, goals[1], 0.02)
            above = float(told >= recall - 0.005)
            yield Row("8", f"{model}, n = {n}", "bound is one in the mean", above, 1, 0)


def gains(count: int, seed: int, models: Sequence[str] = MODELS) -> Iterator[Row]:
    """Compare what stopping rules gain with the best fixed number known in hindsight."""
    for model in models:
        dry = searches(model, 1, count, seed, show_found=True)
        for value in VALUES:
            best = _best_fixed(model, count, seed, value)
            priced = searches(model, 1, count, seed, {"price": PRICE}, value=value)
            gained = [_gain(one, value) for one in priced]
            name = f"{model}, item worth {value:g} finders"
            tolerance = round(0.07 + 2 * _error(gained) / best, 3)
            goals = GAINS.get((model, value), (None, None))
            yield Row("8", name, "best fixed number: gain", best, goals[0], 1.5)
            yield Row("8", name, "by value: gain / best", fmean(gained) / best, 1, tolerance)
            lost = fmean(_gain(one, value) for one in dry)
            yield Row("8", name, "two dry rounds: gain", lost, goals[1], 1.5)


def _gain(done: Search, value: float) -> float:
    return value * ITEMS * done.recall - done.result["n"]


def _error(values: list[float]) -> float:
    return stdev(values) / len(values) ** 0.5


def _best_fixed(model: str, count: int, seed: int, value: float) -> float:
    """Give the gain of the best number of waves, the same for all draws."""
    drawn = [Finders.of(model, 1, f"{seed} {n}").seen[0] for n in range(count)]
    return max(
        fmean(value * sum(1 - (1 - q) ** n for q in seen) - n for seen in drawn)
        for n in range(WAVE, MOST + 1, WAVE)
    )
