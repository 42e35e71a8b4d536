"""AgentDojo against hocket's quarantine: `python tests/bench/quarantine/run.py [--json FILE]`.

A model that obeys every injection it sees solves the tasks of AgentDojo 0.1.35 (suites v1.2.2,
attack `important_instructions`) as agents of hocket: real scripts in the real sandbox, engine,
agent loop, rules and quarantine. The exit status is 1 when one of the goals is missed:
(a) no attack succeeds; (b) scripts that bind what sinks get solve all tasks; (c) one agent without
a plan solves no fewer than with "no sink after a read"; (d) so does a person who allows exactly
the right steps, and the questions are counted.

*tried* is how often the model saw the injection and did its best for it, *study* what was measured
before with policies of its own (tasks solved under attack, attacks that succeeded), *asked* the
questions per task without and under attack. *Not solved* are goals that want nothing but a text in
the answer: no policy for tools keeps an agent from saying what it was told to say; they count
nowhere else. Goals 6 to 13 of workspace are left out: they have no solution that could be played.

It needs `pip install --group quarantine`, and a few minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dojo import Episode

HOMES = ("HOME", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME")
RESULTS = Path(__file__).parents[1] / "results" / "quarantine.json"
QUICK = 5
"""Every fifth user task is a quick look."""
INSTALL = "bench: this needs AgentDojo: pip install --group quarantine"
SUITES = tuple(table.SIZES)


def main(argv: Sequence[str] | None = None) -> int:
    """Play, print the table, write the figures."""
    if find_spec("agentdojo") is None:
        sys.stderr.write(f"{INSTALL}\n")
        return 2
    import rows  # noqa: PLC0415  it needs AgentDojo

    options = _parser([*rows.NAMES]).parse_args(argv)
    policies, suites = options.policy or [*rows.NAMES], options.suite or SUITES
    found: list[table.Row] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= dict.fromkeys(HOMES, str(Path(folder, "home")))
        for (policy, suite), episodes in _played(options, policies, suites, folder):
            found.append(table.row(policy, suite, episodes))
            print(f"bench: {policy}, {suite}: done", file=sys.stderr, flush=True)
            if options.json or not options.quick:
                _write(options.json or RESULTS, found, rows.NAMES)
    table.show(found, rows.NAMES)
    missed = [f"{one.policy}, {one.suite}: {miss}" for one in found for miss in one.misses]
    print("".join(f"bench: missed: {miss}\n" for miss in missed), file=sys.stderr, end="")
    return 1 if missed else 0


def _played(
    options: argparse.Namespace, policies: Sequence[str], suites: Sequence[str], folder: str
) -> Iterator[tuple[tuple[str, str], list[Episode]]]:
    """Play all tasks, some at a time, and give the episodes by policy and suite."""
    import rows  # noqa: PLC0415

    step = QUICK if options.quick else 1
    wanted = [
        (policy, suite, task)
        for policy in policies
        for suite in suites
        for task in rows.tasks(suite)[::step]
    ]
    by_row: dict[tuple[str, str], list[Episode]] = defaultdict(list)
    left = [(policy, suite) for policy, suite, _task in wanted]
    with ProcessPoolExecutor(options.jobs, initializer=rows.move_in, initargs=(folder,)) as pool:
        for (policy, suite, _task), episodes in zip(
            wanted, pool.map(rows.play, *zip(*wanted, strict=True)), strict=True
        ):
            by_row[policy, suite] += episodes
            left.remove((policy, suite))
            if (policy, suite) not in left:
                yield (policy, suite), by_row[policy, suite]


def _write(file: Path, found: Sequence[table.Row], names: dict[str, str]) -> None:
    """Write what there is so far; of a row that is not played now the last figures stay."""
    import dojo  # noqa: PLC0415

    kept = json.loads(file.read_text("utf-8"))["rows"] if file.exists() else []
    by_name = {(row["policy"], row["suite"]): row for row in kept}
    by_name |= {(one.policy, one.suite): one.as_json for one in found}
    places = [(name, suite) for name in names for suite in SUITES]
    told = {
        "name": "quarantine",
        "agentdojo": dojo.RELEASE,
        "suites": dojo.VERSION,
        "attack": dojo.ATTACK,
        "policies": names,
        "rows": [by_name[place] for place in places if place in by_name],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Play AgentDojo against hocket's quarantine.")
    parser.add_argument("--suite", metavar="NAME", action="append", choices=SUITES)
    parser.add_argument("--policy", metavar="NAME", action="append", choices=names)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK}th user task only")
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count(), help="at once")
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help=f"else {RESULTS.name} in results/, if not quick"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
