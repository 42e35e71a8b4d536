"""Measures research on planted corpora: `python tests/bench/research/run.py [--json FILE]`.

Scripted agents who know the truth err at set rates, so every figure is a property of hocket's own
code; no judge is asked. With `--backend NAME` the command runs with that backend in their place,
once quick and once full: results go by the model's name. The exit status is 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from planted import study
from table import lines, missed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planted.row import Row

NAMES = [part.__name__ for part in study.PARTS]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, write what was asked for."""
    options = _parser().parse_args(argv)
    rows: dict[str, list[Row]] = {}
    with ProcessPoolExecutor(options.jobs) as workers:
        for part in _parts(options):
            print(f"bench: {part.__name__} …", file=sys.stderr, flush=True)
            rows[part.__name__] = list(part(options, workers.map))
            print("\n".join(lines(rows[part.__name__])), flush=True)
            if options.json:
                _write(options, rows)
    every = [row for found in rows.values() for row in found]
    fell = missed(every)
    print(f"\nbench: {len(every)} rows, {len(fell)} missed their bar", file=sys.stderr)
    return 1 if fell else 0


def _write(options: argparse.Namespace, rows: dict[str, list[Row]]) -> None:
    """Write what there is so far; parts that are not measured now stay as they were."""
    before = json.loads(options.json.read_text("utf-8")) if options.json.exists() else {}
    parts = dict(before.get("parts", {}))
    for name, found in rows.items():
        about = {"seeds": options.seeds, "trials": options.trials, "model": options.model}
        parts[name] = {**about, "rows": [row.cells for row in found]}
    text = json.dumps({"parts": parts}, ensure_ascii=False, indent=1)
    options.json.write_text(text + "\n", "utf-8")


def _parts(options: argparse.Namespace) -> list[study.Part]:
    if options.backend:
        return [study.frontier]
    return [part for part in study.PARTS if not options.only or part.__name__ in options.only]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure research on planted corpora.")
    parser.add_argument("--seeds", metavar="0-9", type=_seeds, default=list(range(10)))
    parser.add_argument("--trials", type=int, default=300, help="worlds at the level of claims")
    parser.add_argument("--only", action="append", choices=NAMES)
    parser.add_argument(
        "--backend", metavar="NAME", help="who answers in the place of scripted agents"
    )
    parser.add_argument("--model", metavar="NAME", help="what to call its model in the results")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the rows there")
    return parser


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


if __name__ == "__main__":
    sys.exit(main())
