"""Routers beside BestSingle and Oracle: `python tests/bench/routers/run.py [--quick] [TABLE…]`.

Without a TABLE: two recounted sets of queries, MMLU and GSM8K, on which a weak and a strong model
are right as often as published, and a verifier errs as told. What escalation comes to there has
to be within 0.01 of the formula, in accuracy and in cost; else the exit status is 1. A TABLE is a
CSV of RouterBench or RouteLLM, or what `hocket report routers --labels` takes.

Costs are in parts of the strong model's, or in dollars per query where the table has them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import formula
from driving import drive
from formula import GSM8K, MMLU, Verifier
from queries import STRONG, WEAK, cheapest, made_up, of_table, strongest
from voices import Errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from driving import Section
    from formula import Case

    from hocket.launch.routing import Labels

FULL, QUICK = 20_000, 2_000
TOLERANCE = 0.01
SEED = 20
HOMES = ("HOME", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME")
RESULTS = Path(__file__).parents[1] / "results"
JUDGED = "Is the answer right?"


@dataclass(frozen=True, slots=True)
class Row:
    """One way to choose models on one set of queries."""

    queries: str
    choice: str
    accuracy: float
    cost: float
    """Per query."""
    escalated: float | None = None
    gap_closed: float | None = None
    on_paper: tuple[float, float] | None = None
    """Accuracy and cost by the formula."""

    @property
    def holds(self) -> bool | None:
        """Whether it is what the formula says; None where there is none."""
        if self.on_paper is None:
            return None
        accuracy, cost = self.on_paper
        return max(abs(self.accuracy - accuracy), abs(self.cost - cost)) <= TOLERANCE


@dataclass(frozen=True, slots=True)
class Choice:
    """A router with its settings and the errors of its helpers."""

    name: str
    router: str
    section: Section
    errors: Errors
    case: Case | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the figures."""
    options = _parser().parse_args(argv)
    count = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= dict.fromkeys(HOMES, str(home / "home"))
        rows = [*_measured(options, count, home)]
    _show(rows)
    told = {"name": "routers", "queries": count, "seed": SEED, "rows": [_told(r) for r in rows]}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(f"{json.dumps(told, indent=1)}\n", encoding="utf-8")
    return 1 if any(row.holds is False for row in rows) else 0


def measure(name: str, labels: Labels, choices: Sequence[Choice], folder: Path) -> Iterator[Row]:
    """Drive each choice over the queries; then give BestSingle and Oracle of the same."""
    count, compared = len(labels), None
    for choice in choices:
        project = folder / name / choice.name
        compared, told = drive(project, labels, choice.router, choice.section, choice.errors)
        paper = None
        if choice.case is not None:
            verifier = choice.errors.verifier
            paper = formula.accuracy(choice.case, verifier), formula.cost(choice.case, verifier)
        cost = (compared.routed.cost or 0) / count
        rate = told.escalated / count
        yield Row(name, choice.name, compared.routed.accuracy, cost, rate, compared.closed, paper)
    if compared is not None:
        single, best = compared.best_single, compared.oracle
        yield Row(name, f"BestSingle {single.model}", single.accuracy, (single.cost or 0) / count)
        yield Row(name, "Oracle", best.accuracy, (best.cost or 0) / count)


def choices(weak: str, strong: str, unit: float, case: Case | None) -> list[Choice]:
    """Give the routers to compare; helpers cost in parts of what the strong model costs."""

    def errors(catches: float, named: float = 1.0) -> Errors:
        return Errors(Verifier(catches), named, 0.05 * unit, 0.01 * unit, SEED)

    pair: Section = {"weak": weak, "strong": strong}
    tiers: Section = {"small": weak, "medium": weak, "large": strong, "classify": True}
    rates = [0.6, 0.8] + ([formula.break_even(case, 0.1)] if case else [])
    return [
        Choice("fixed weak", "fixed", {"model": weak}, errors(0)),
        Choice("fixed strong", "fixed", {"model": strong}, errors(0)),
        Choice("tiers, all named right", "tiers", tiers, errors(0)),
        Choice("tiers, 70 % named right", "tiers", tiers, errors(0, 0.7)),
        Choice("escalate, schema", "escalate", {**pair, "verify": "schema"}, errors(0)),
        *(
            Choice(f"escalate t={t:.2f}", "escalate", {**pair, "verify": JUDGED}, errors(t), case)
            for t in rates
        ),
    ]


def _measured(options: argparse.Namespace, count: int, folder: Path) -> Iterator[Row]:
    for table in options.tables:
        labels = of_table(table, count, SEED)
        models = set(next(iter(labels.values())))
        strong = options.strong or strongest(labels, models)
        weak = options.weak or cheapest(labels, models - {strong})
        unit = sum(marks[strong].cost or 0 for marks in labels.values()) / len(labels)
        yield from measure(table.stem, labels, choices(weak, strong, unit, None), folder)
    for case in () if options.tables else (MMLU, GSM8K):
        labels = made_up(case, count, SEED)
        yield from measure(case.name, labels, choices(WEAK, STRONG, 1.0, case), folder)


def _show(rows: Sequence[Row]) -> None:
    print(f"{'queries':<10} {'choice':<26} {'right':>6} {'cost':>8} {'twice':>6} {'gap':>6}  paper")
    for row in rows:
        twice = "" if row.escalated is None else f"{row.escalated:.3f}"
        gap = "" if row.gap_closed is None else f"{row.gap_closed:+.2f}"
        paper = "" if row.on_paper is None else f"{row.on_paper[0]:.3f} {row.on_paper[1]:.3f}"
        verdict = {True: "met", False: "missed", None: ""}[row.holds]
        figures = f"{row.accuracy:>6.3f} {row.cost:>8.4g} {twice:>6} {gap:>6}"
        print(f"{row.queries:<10.10} {row.choice:<26.26} {figures}  {paper} {verdict}".rstrip())


def _told(row: Row) -> dict[str, object]:
    return {**asdict(row), "holds": row.holds}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure routers.")
    parser.add_argument(
        "tables", metavar="TABLE", nargs="*", type=Path, help="who is right on what"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} queries, not {FULL:,}")
    parser.add_argument("--weak", metavar="MODEL", help="of a table; else the cheapest")
    parser.add_argument(
        "--strong", metavar="MODEL", help="of a table; else the one right most often"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, default=RESULTS / "routers.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
