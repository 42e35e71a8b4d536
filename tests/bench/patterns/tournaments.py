"""Simulates `tournament`: who wins, at what price, how sure it says it is, beside plain ways.

Of n items one is the best; judges err at one rate (flat) or by the gap in rank (bt), lean to the
first place by a pull, or give of an ordered pair always the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from judges import Judge, by_gap, flat
from row import Row, within

from hocket.api.patterns.draws import Draws
from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.tournament.pattern import Tournament

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from judges import Right
    from pydantic import JsonValue

    Claim = tuple["Case", tuple[float, float], tuple[float, float, float]]

SECTION = "6"
TRIALS, FROZEN = 1_000, 400
RIGHT, CALLS, STATED = 0.04, 4.0, 0.05


@dataclass(frozen=True)
class Case:
    """A judge and a field."""

    name: str
    right: Right
    count: int = 16
    pull: float = 0.0
    frozen: bool = False

    def judge(self, seed: int) -> Judge:
        """Make the judge of one trial."""
        return Judge(self.right, seed, pull=self.pull, frozen=self.frozen)


@dataclass(frozen=True)
class Figures:
    """Means over all trials."""

    right: float
    calls: float
    stated: float
    found: float
    """Share of trials in which the judge was found to repeat itself."""


TABLE: list[Claim] = [
    (Case("flat .1", flat(0.1)), (0.97, 44), (0.98, 66, 0.93)),
    (Case("flat .2", flat(0.2)), (0.86, 54), (0.93, 110, 0.85)),
    (Case("flat .3", flat(0.3)), (0.55, 63), (0.71, 128, 0.60)),
    (Case("flat .3, pull .2", flat(0.3), pull=0.2), (0.67, 70), (0.77, 128, 0.58)),
    (Case("bt .6", by_gap(0.6)), (0.78, 49), (0.95, 102, 0.85)),
    (Case("bt .3", by_gap(0.3)), (0.61, 57), (0.77, 124, 0.67)),
    (Case("bt .15", by_gap(0.15)), (0.40, 65), (0.49, 128, 0.50)),
]
SIZES = [
    (Case("flat .2, 8 items", flat(0.2), 8), 0.94, 56),
    (Case("flat .2, 32 items", flat(0.2), 32), 0.91, 209),
    (Case("bt .3, 32 items", by_gap(0.3), 32), 0.86, 234),
]
SINGLE: dict[str, JsonValue] = {"balanced": False, "match_cap": 25, "sure": None}
ORDER_FREE = [
    (0.1, {"start": 2}, 0.97, 41),
    (0.2, {"start": 2}, 0.86, 50),
    (0.3, {"start": 2}, 0.61, 60),
    (0.1, {"start": 3, "grow": False}, 0.996, 56),
    (0.2, {"start": 3, "grow": False}, 0.94, 73),
    (0.3, {"start": 3, "grow": False}, 0.74, 96),
]
NAIVE: dict[str, JsonValue] = {"balanced": False, "match_cap": 1, "sure": None}


def rows(trials: float = 1.0, seed: int = 0) -> list[Row]:
    """Simulate everything that is claimed of `tournament`."""
    return [
        *table(TABLE, trials, seed),
        *sizes(trials, seed),
        *order_free(trials, seed),
        *repeating(trials, seed),
        *plain(trials, seed),
    ]


def table(claims: Sequence[Claim], trials: float, seed: int) -> Iterator[Row]:
    """Give right, calls and stated chance after the bracket and at the end."""
    for case, bracket, final in claims:
        played = simulate(case, trials, seed, {"sure": None})
        yield from _rows(case.name, "bracket", played, bracket, trials)
        played = simulate(case, trials, seed)
        yield from _rows(case.name, "final", played, final, trials)
        yield _row(case.name, "final: stated", played.stated, final[2], within(STATED, trials))
        beyond = max(0.0, played.stated - played.right)
        yield _row(case.name, "final: stated too high", beyond, 0.0, within(STATED, trials))


def sizes(trials: float, seed: int) -> Iterator[Row]:
    """Play smaller and larger fields."""
    for case, right, calls in SIZES:
        yield from _rows(case.name, "final", simulate(case, trials, seed), (right, calls), trials)


def order_free(trials: float, seed: int) -> Iterator[Row]:
    """Play a bracket in one order, for judges that are known to be free of it."""
    for error, options, right, calls in ORDER_FREE:
        case = Case(f"flat {error}, one order", flat(error))
        played = simulate(case, trials, seed, {**SINGLE, **options})
        yield from _rows(case.name, f"start {options['start']}", played, (right, calls), trials)


def repeating(trials: float, seed: int) -> Iterator[Row]:
    """Ask a judge that says of an ordered pair what it said before."""
    case = Case("flat .2, repeats itself", flat(0.2), frozen=True)
    played = simulate(case, trials * FROZEN / TRIALS, seed)
    beyond = max(0.0, played.calls - 75)
    yield _row(case.name, "final: right", played.right, 0.56, within(0.05, trials))
    yield _row(case.name, "final: calls beyond 75", beyond, 0.0, 0.0)
    yield _row(case.name, "final: found to repeat itself", played.found, 1.0, 0.02)


def plain(trials: float, seed: int) -> Iterator[Row]:
    """Do what one would do without it: everyone against everyone, and a knock-out, in one order."""
    for case, goal in ((TABLE[1][0], 0.45), (TABLE[5][0], 0.47), (TABLE[2][0], None)):
        right = _share(lambda number, case=case: _round_robin(case, number), trials, seed)
        tolerance = within(RIGHT, trials)
        yield _row(case.name, "round robin, one order, 120 calls: right", right, goal, tolerance)
    pulled = Case("flat .3, pull .28", flat(0.3), pull=0.28)
    for case, goal in ((pulled, 0.19), (TABLE[1][0], None), (TABLE[5][0], None)):
        right = simulate(case, trials, seed, NAIVE).right
        tolerance = within(RIGHT, trials)
        yield _row(case.name, "knock-out, one order, 15 calls: right", right, goal, tolerance)
    fair = simulate(pulled, trials, seed)
    yield _row(pulled.name, "final: right", fair.right, None, 0.0)


def simulate(
    case: Case, trials: float, seed: int, options: Mapping[str, JsonValue] | None = None
) -> Figures:
    """Play the real pattern in many trials."""
    results = [_play(case, number, options or {}) for number in _numbers(trials, seed)]
    return Figures(
        fmean(result["winner"] == 0 for result in results),
        fmean(result["calls"] for result in results),
        fmean(result["p_best"] for result in results),
        fmean((result["repeat_agreement"] or 0) >= 0.95 for result in results),
    )


def _numbers(trials: float, seed: int) -> range:
    count = max(1, round(trials * TRIALS))
    return range(seed * 1_000_000, seed * 1_000_000 + count)


def _play(case: Case, number: int, options: Mapping[str, JsonValue]):
    items = Draws(number).shuffled(range(case.count))
    arguments = {"items": items, "by": f"trial {number}", **options}
    return run_pattern(Tournament(), arguments, case.judge(number)).result


def _round_robin(case: Case, number: int) -> bool:
    """Let each pair meet once, the first drawn first; most wins, then the first drawn."""
    items, judge = Draws(number).shuffled(range(case.count)), case.judge(number)
    wins = dict.fromkeys(items, 0)
    for place, first in enumerate(items):
        for second in items[place + 1 :]:
            wins[first if judge.answer(first, second) == "first" else second] += 1
    return max(items, key=wins.__getitem__) == 0


def _share(trial: Callable[[int], bool], trials: float, seed: int) -> float:
    return fmean(trial(number) for number in _numbers(trials, seed))


def _rows(
    model: str, what: str, played: Figures, goals: tuple[float, ...], trials: float
) -> Iterator[Row]:
    yield _row(model, f"{what}: right", played.right, goals[0], within(RIGHT, trials))
    yield _row(model, f"{what}: calls", played.calls, goals[1], within(CALLS, trials))


def _row(model: str, figure: str, value: float, goal: float | None, tolerance: float) -> Row:
    return Row(SECTION, model, figure, value, goal, tolerance)
