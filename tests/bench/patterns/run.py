"""Simulates the patterns: `python tests/bench/patterns/run.py [--quick] [--json F] [--plot F]`.

The real patterns run with scripted agents, so a figure is a property of hocket's own code. Every
row says what was simulated, what came of it, and what is claimed; rows without a goal are there
for comparison. The exit status is 1 when a claim does not hold.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from row import Row

SIMULATIONS = ("classifying", "votes", "ideas", "tournaments", "ranking", "finding")
QUICK = 0.05
"""The share of trials of a quick look; goals are then only roughly met."""


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate, print the table, and write what was asked for."""
    options = _parser().parse_args(argv)
    trials = QUICK if options.quick else options.trials
    rows: list[Row] = []
    for name in options.only or SIMULATIONS:
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        found = importlib.import_module(name).rows(trials, options.seed)
        rows.extend(found)
        _show(found)
    if options.json:
        written = {"trials": trials, "seed": options.seed, "rows": [_cells(row) for row in rows]}
        options.json.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.plot:
        _draw(rows, options.plot)
    missed = [row for row in rows if row.goal is not None and not row.holds]
    print(f"bench: {len(rows)} rows, {len(missed)} do not hold", file=sys.stderr)
    return 1 if missed and trials >= 1 else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Simulate the patterns.")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the trials")
    parser.add_argument("--trials", metavar="X", type=float, default=1.0, help="a factor on them")
    parser.add_argument("--seed", metavar="N", type=int, default=0)
    parser.add_argument("--only", metavar="NAME", action="append", choices=SIMULATIONS)
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the rows there")
    parser.add_argument("--plot", metavar="FILE", type=Path, help="draw them (.png or .svg)")
    return parser


def _show(rows: Iterable[Row]) -> None:
    for row in rows:
        goal = "" if row.goal is None else f"{row.goal:g} ± {row.tolerance:g}"
        verdict = "" if row.goal is None else ("holds" if row.holds else "MISSED")
        head = f"§{row.section:<4} {row.model:<34} {row.figure:<34}"
        print(f"{head} {row.value:>9.4g}  {goal:<16} {verdict}", flush=True)


def _cells(row: Row) -> dict[str, object]:
    return {
        "section": row.section,
        "model": row.model,
        "figure": row.figure,
        "value": row.value,
        "goal": row.goal,
        "tolerance": row.tolerance,
        "holds": None if row.goal is None else row.holds,
    }


def _draw(rows: Sequence[Row], file: Path) -> None:
    """Draw what came of each row beside what is claimed, as a share of the claim."""
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  (only a plot needs it)
    except ImportError:
        sys.exit("bench: a plot needs matplotlib: pip install --group bench")
    judged = [row for row in rows if row.goal]
    sections = sorted({row.section for row in judged}, key=lambda text: (len(text), text))
    figure = Figure(figsize=(11, 0.26 * len(judged) + 1.2 * len(sections)), layout="constrained")
    heights = [sum(row.section == section for row in judged) + 2 for section in sections]
    axes = figure.subplots(len(sections), 1, height_ratios=heights, squeeze=False)[:, 0]
    for section, axis in zip(sections, axes, strict=True):
        mine = [row for row in judged if row.section == section]
        for place, row in enumerate(reversed(mine)):
            width = abs(row.tolerance / row.goal)
            axis.barh(place, 2 * width, left=1 - width, color="#cfe3d4", height=0.8)
            axis.plot(row.value / row.goal, place, "o", ms=4, color="#1b6e3c" if row.holds else "r")
        axis.axvline(1, color="#777777", lw=0.8)
        axis.set_xlim(0.4, 1.6)  # a small claim with a wide tolerance would hide all others
        axis.set_yticks(range(len(mine)), [f"{r.model}: {r.figure}" for r in reversed(mine)])
        axis.tick_params(labelsize=7)
        axis.set_title(f"§{section}", fontsize=9, loc="left")
        axis.set_xlabel("simulated ÷ claimed (green: within its tolerance)", fontsize=7)
    figure.savefig(file, dpi=130)


if __name__ == "__main__":
    sys.exit(main())
