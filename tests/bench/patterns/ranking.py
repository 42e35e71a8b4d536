"""Simulates `rank`: orders of a thousand items and their top, beside plain ways under a cap.

Strengths are normal with sd 1.5 (hard) or 3 (easy); a look adds Gumbel noise to each item, so of
a pair the better one is preferred in 79 or 88 of 100 looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import correlation, fmean
from typing import TYPE_CHECKING

from judges import Reader
from row import Row, within

from hocket.api.patterns.draws import Draws
from hocket.api.patterns.strengths import fit
from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.rank.pattern import Rank
from hocket_plugins.patterns.tournament.pattern import Tournament

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydantic import JsonValue

SECTION = "7"
SPREADS = {"hard": 1.5, "easy": 3.0}
SPEARMAN, SHARE = 0.015, 0.06
"""Correlations are claimed to one hundredth, of figures that were rounded to one."""


@dataclass(frozen=True)
class Task:
    """Something to rank, what it must cost, and how right it must be (hard, easy)."""

    name: str
    count: int
    calls: int
    goals: tuple[float, float]
    trials: int = 10
    top: int | None = None
    group: int = 10
    rounds: int | None = None

    @property
    def arguments(self) -> dict[str, JsonValue]:
        """The arguments of the pattern beside items and question."""
        told = {"top": self.top, "rounds": self.rounds, "group": self.group}
        return {name: value for name, value in told.items() if value is not None}


TASKS = [
    Task("rank 1,000, 1 round", 1000, 200, (0.79, 0.89), rounds=1),
    Task("rank 1,000, 3 rounds", 1000, 602, (0.92, 0.98)),
    Task("top 10 of 1,000", 1000, 430, (0.76, 0.89), 30, top=10),
    Task("top 5 of 200", 200, 96, (0.79, 0.90), 100, top=5),
    Task("top 5 of 64", 64, 52, (0.78, 0.87), 200, top=5, group=8),
]
SMALL = TASKS[3:]
CAP, TEN = 1_000, 10


def rows(trials: float = 1.0, seed: int = 0) -> list[Row]:
    """Simulate everything that is claimed of `rank`."""
    return [*table(TASKS, trials, seed), *capped(trials, seed)]


def table(tasks: Sequence[Task], trials: float, seed: int) -> Iterator[Row]:
    """Give how right each task is, and that it costs what is claimed."""
    for task in tasks:
        for (name, spread), goal in zip(SPREADS.items(), task.goals, strict=True):
            played = [
                _ranked(task, spread, number) for number in _numbers(task.trials * trials, seed)
            ]
            yield from _rows(f"{task.name}, {name}", task, played, goal, trials)


def _rows(
    model: str, task: Task, played: Sequence[Ranked], goal: float, trials: float
) -> Iterator[Row]:
    yield _row(model, "calls", fmean(one.calls for one in played), task.calls, 0.0)
    if task.top is None:
        right = fmean(one.spearman for one in played)
        yield _row(model, "Spearman", right, goal, within(SPEARMAN, trials))
        yield from _between(model, played, right)
        return
    share = fmean(one.share(task.top, task.top) for one in played)
    near = fmean(one.share(task.top, 2 * task.top) for one in played)
    yield _row(model, f"share of the true top {task.top}", share, goal, within(SHARE, trials))
    near_goal = {"hard": 0.96, "easy": 1.0}[model.rpartition(" ")[2]] if task.top == TEN else None
    yield _row(model, f"within the true top {2 * task.top}", near, near_goal, within(0.06, trials))


def _between(model: str, played: Sequence[Ranked], right: float) -> Iterator[Row]:
    """Show that the truth lies between the agreement of halves and its bound."""
    half = fmean(one.half for one in played)
    most = fmean(one.most for one in played)
    outside = max(0.0, half - right, right - most)
    yield _row(model, "split-half agreement", half, None, 0.0)
    yield _row(model, "at most", most, None, 0.0)
    yield _row(model, "Spearman outside of both", outside, 0.0, 0.01)


def capped(trials: float, seed: int) -> Iterator[Row]:
    """Rank 1,000 items with at most 1,000 calls in ways one might think of."""
    for name, spread in SPREADS.items():
        for way, (play, calls) in WAYS.items():
            played = [play(_strengths(1000, spread, n), n) for n in _numbers(10 * trials, seed)]
            model = f"1,000 items, {calls} calls, {name}"
            yield _row(model, f"{way}: Spearman", fmean(p.spearman for p in played), None, 0.0)
            share = fmean(p.share(TEN, TEN) for p in played)
            yield _row(model, f"{way}: share of the true top 10", share, None, 0.0)
            best = fmean(p.share(1, TEN) for p in played)
            yield _row(model, f"{way}: first is among the true top 10", best, None, 0.0)


@dataclass(frozen=True)
class Ranked:
    """What one trial gave: items best first (or their scores), beside the truth."""

    truth: Sequence[float]
    scores: Sequence[float]
    """As high as the item was ranked; equal where it was not told apart."""
    calls: int
    half: float = 0.0
    most: float = 0.0

    @property
    def spearman(self) -> float:
        """Correlate the ranks; equal ones share theirs."""
        return correlation(_ranks(self.truth), _ranks(self.scores))

    def share(self, first: int, true: int) -> float:
        """Say which share of the first so many is among so many truly best."""
        found, best = (
            sorted(range(len(values)), key=lambda item: -values[item])
            for values in (self.scores, self.truth)
        )
        return len({*found[:first]} & {*best[:true]}) / first


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    equal: dict[float, list[int]] = {}
    for rank, item in enumerate(order):
        equal.setdefault(values[item], []).append(rank)
    return [fmean(equal[value]) for value in values]


def _ranked(task: Task, spread: float, number: int) -> Ranked:
    return _by_rank(_strengths(task.count, spread, number), number, **task.arguments)


def _by_rank(truth: Sequence[float], number: int, **options: JsonValue) -> Ranked:
    """Run the real pattern."""
    arguments = {"items": list(range(len(truth))), "by": f"trial {number}", **options}
    result = run_pattern(Rank(), arguments, Reader(truth, number)).result
    scores = [0.0] * len(truth)
    for place, row in enumerate(result["order"]):
        scores[row["index"]] = -float(place)
    agreement = result["agreement"]
    return Ranked(
        truth, scores, result["calls"], agreement["split_half"] or 0, agreement["at_most"] or 0
    )


def _by_tournament(truth: Sequence[float], number: int) -> Ranked:
    """Run the real tournament into the cap: half of the items have lost once."""
    reader = Reader(truth, number)

    def judge(ask):
        return {"winner": "first" if reader(ask)["order"] == ["A", "B"] else "second"}

    arguments = {"items": list(range(len(truth))), "by": f"trial {number}", "max_calls": CAP}
    result = run_pattern(Tournament(), arguments, judge).result
    scores = [0.0] * len(truth)
    for row in result["order"]:
        scores[row["index"]] = row["strength"]
    return Ranked(truth, scores, result["calls"])


def _by_knock_out(truth: Sequence[float], number: int) -> Ranked:
    """Play a knock-out in one order; the score is the round reached."""
    reader, alive = Reader(truth, number), Draws(number).shuffled(range(len(truth)))
    scores, calls = [0.0] * len(truth), 0
    while len(alive) > 1:
        pairs = list(zip(alive[::2], alive[1::2], strict=False))
        winners = [pair[0] if reader.prefers(*pair) else pair[1] for pair in pairs]
        calls += len(pairs)
        alive = [*winners, *alive[2 * len(pairs) :]]
        for item in alive:
            scores[item] += 1.0
    return Ranked(truth, scores, calls)


def _by_pairs(truth: Sequence[float], number: int) -> Ranked:
    """Cut a round robin off at the cap: random pairs in one order, fitted."""
    reader, draws = Reader(truth, number), Draws(number)
    won: dict[tuple[int, int], float] = {}
    for _ in range(CAP):
        first = draws.below(len(truth))
        second = (first + 1 + draws.below(len(truth) - 1)) % len(truth)
        pair = (first, second) if reader.prefers(first, second) else (second, first)
        won[pair] = won.get(pair, 0.0) + 1.0
    return Ranked(truth, fit(len(truth), won).theta, CAP)


WAYS: dict[str, tuple[Callable[[Sequence[float], int], Ranked], int]] = {
    "rank, 4 rounds": (lambda truth, number: _by_rank(truth, number, rounds=4), 804),
    "rank, top 10": (lambda truth, number: _by_rank(truth, number, top=TEN), 430),
    "round robin, cut off": (_by_pairs, 1000),
    "knock-out, one order": (_by_knock_out, 999),
    "tournament, cut off": (_by_tournament, 1000),
}


def _strengths(count: int, spread: float, number: int) -> list[float]:
    draws = Draws(number + 1)
    return [spread * draws.normal() for _ in range(count)]


def _numbers(trials: float, seed: int) -> range:
    return range(seed * 1_000, seed * 1_000 + max(1, round(trials)))


def _row(model: str, figure: str, value: float, goal: float | None, tolerance: float) -> Row:
    return Row(SECTION, model, figure, value, goal, tolerance)
