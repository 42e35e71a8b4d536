"""Measures how good estimates are: `python tests/bench/estimate/run.py [--runs N] [--json FILE]`.

Each of the shapes lives in a world of its own and is estimated before each of its runs, so the
first runs have no history and the last ones have some. Seeds and the number of draws are fixed;
only the names of runs are drawn, by which equally old ones are ordered, so that figures differ by
a point or two.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import histories
import shapes
from trial import METRICS, project, trials
from worlds import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trial import Trial

RUNS, DRAWS, ENOUGH = 17, 30, 9
GOAL = 0.9
RESULTS = Path(__file__).parents[1] / "results" / "estimate.json"


def one(shape: str, seed: int, runs: int, draws: int) -> list[Trial]:
    """Measure one workflow in one world."""
    with project() as place:
        return [*trials(shape, place, World(seed), runs, draws)]


def all_of(runs: int, draws: int, jobs: int) -> list[Trial]:
    """Measure all of them."""
    names = shapes.NAMES
    with ProcessPoolExecutor(jobs) as pool:
        work = [pool.submit(one, name, seed, runs, draws) for seed, name in enumerate(names, 1)]
        return [trial for done in work for trial in done.result()]


def figures(found: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """Sum up: coverage of P90, the median error of P50, and how wide the range is."""
    summed: dict[str, dict[str, float]] = {}
    for metric in METRICS:
        of = [trial for trial in found if trial.metric == metric]
        rough = [trial for trial in of if trial.measured < ENOUGH]
        known = [trial for trial in of if trial.measured >= ENOUGH]
        for name, some in (("all", of), ("rough", rough), ("calibrated", known)):
            if some:
                summed[f"{metric}, {name}"] = {
                    "runs": len(some),
                    "hindsight": median(_hindsight(some)),
                    "covered": sum(trial.covered for trial in some) / len(some),
                    "error": median(trial.error for trial in some),
                    "width": median(trial.p90 / trial.p50 for trial in some if trial.p50),
                }
    return summed


def _hindsight(found: Sequence[Trial]) -> list[float]:
    """Give how far the best single figure for each workflow is off, which nobody knows before."""
    actual: dict[str, list[float]] = {}
    for trial in found:
        actual.setdefault(trial.shape, []).append(trial.actual)
    middles = {shape: median(some) for shape, some in actual.items()}
    return [abs(middles[one.shape] - one.actual) / one.actual for one in found if one.actual]


def show(summed: dict[str, dict[str, float]]) -> None:
    """Print a table."""
    titles = f"{'runs':>6}{'in P90':>9}{'P50 off by':>12}{'in hindsight':>14}{'P90/P50':>9}"
    print(f"{'figure':<22}{titles}")
    for name, row in summed.items():
        print(
            f"{name:<22}{row['runs']:>6}{row['covered']:>9.1%}"
            f"{row['error']:>12.1%}{row['hindsight']:>14.1%}{row['width']:>9.2f}"
        )


def main() -> int:
    """Measure, print, and say whether the goal was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each workflow")
    parser.add_argument("--draws", type=int, default=DRAWS, help="dry runs for each estimate")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE", default=RESULTS)
    options = parser.parse_args()
    found = all_of(options.runs, options.draws, options.jobs)
    summed = figures(found)
    print(f"{len(shapes.NAMES)} workflows, {options.runs} runs each")
    show(summed)
    known = histories.rows()
    histories.show(known)
    asked = {"workflows": len(shapes.NAMES), "runs": options.runs, "draws": options.draws}
    text = json.dumps(
        {"name": "estimate", **asked, "figures": summed, "histories": known}, indent=1
    )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(f"{text}\n", "utf-8")
    return 0 if summed["usd, all"]["covered"] >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
