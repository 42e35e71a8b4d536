"""Measures hocket: `python tests/bench/run.py NAME [--quick] [--json FILE]`.

Figures are measured when it runs and stored nowhere but in FILE. The exit status tells only
whether all runs were valid, not whether a goal was met.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import table
from effort import Effort
from figures import InvalidRun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from figures import Figure

    Workload = Callable[[Effort], Iterable[Figure]]
    Workloads = Mapping[str, Workload]

HERE = Path(__file__).parent
BENCHES = {"core": "core", "agents": "agents"}
"""The name of each bench, and the module whose WORKLOADS it measures."""


def main(argv: Sequence[str] | None = None, benches: Mapping[str, Workloads] | None = None) -> int:
    """Measure one bench, print its table, and write its figures."""
    known = BENCHES if benches is None else benches
    options = _parser(known).parse_args(argv)
    workloads = benches[options.name] if benches else _workloads(options.name)
    _tell(f"{options.name}{', quick' if options.quick else ''}: {_machine()}")
    chosen = {name: each for name, each in workloads.items() if name in (options.only or workloads)}
    figures, valid = measure(chosen, Effort(options.quick, options.reps))
    table.show(figures)
    if options.json:
        written = {"name": options.name, "commit": commit(), "figures": _rows(figures)}
        text = json.dumps(written, ensure_ascii=False, indent=1)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return 0 if valid else 1


def measure(workloads: Workloads, effort: Effort) -> tuple[list[Figure], bool]:
    """Give all figures, and whether none had to be dropped because a run was invalid."""
    figures: list[Figure] = []
    valid = True
    for name, workload in workloads.items():
        _tell(f"{name} …")
        try:
            figures.extend([*workload(effort)])
        except InvalidRun as why:
            valid = False
            _tell(f"{name}: dropped, a run was not valid: {why}")
    return figures, valid


def commit() -> str | None:
    """Give the commit that is checked out, with `-dirty` when files differ; None without git."""
    command = ("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    try:
        said = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.stdout.strip()


def _workloads(name: str) -> Workloads:
    """Import a bench only when it is asked for: some need packages of their own."""
    workloads: Workloads = importlib.import_module(BENCHES[name]).WORKLOADS
    return workloads


def _parser(known: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure hocket.")
    parser.add_argument("name", metavar="NAME", choices=[*known], help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="smaller sizes, within a minute")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures there")
    parser.add_argument("--reps", metavar="N", type=int, help="run everything so often")
    parser.add_argument("--only", metavar="W", action="append", help="only this workload")
    return parser


def _rows(figures: Iterable[Figure]) -> dict[str, object]:
    return {figure.key: figure.row for figure in figures}


def _machine() -> str:
    """Say what the figures depend on beside the code."""
    cpus = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    command = ("stat", "-f", "-c", "%T", tempfile.gettempdir())
    disk = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return (
        f"commit {(commit() or 'unknown')[:12]}, {cpus} CPUs at load {load:.1f}, "
        f"Python {platform.python_version()}, runs on {disk or 'unknown'}"
    )


def _tell(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
