"""Runs the fault cases by number and says, for each, how many points survived.

    python tests/faults/run.py --quick | --full [--case N …] [--json FILE]

Not run is never counted as survived.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from cases import counted
from inject import can_trace
from killing import killed_at, sample
from points import Fan, count_writes, dies_at, undisturbed_resume
from row import HEAD, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

BIG, SMALL = Fan(102, failing=(17, 64)), Fan(12, failing=(3, 8))
TRACED = {"1": "SIGKILL at every journal write", "2": "SIGKILL at a sync"}


def in_process(fan: Fan, step: int) -> Iterator[Row]:
    """Die inside the process: before a write, within one, and with the unsynced tail lost."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".hocket").mkdir(mode=0o700)
        writes = count_writes(Path(folder), fan)
    kinds = {
        "P2 whole": {},
        "P2 torn": {"torn": 23},
        "9 power": {"torn": 7, "power": True},
    }
    for name, how in kinds.items():
        row = Row(name, f"{fan.size} agents, {len(fan.failing)} failing, {writes} writes")
        for write in range(0, writes, step):
            row.try_point(f"write {write}", lambda p, w=write, h=how: dies_at(p, fan, w, **h))
        yield row
    row = Row("P2 finished", "a finished run dispatches only its failures again")
    row.try_point("resume", lambda p: _only_failures(p, fan))
    yield row


def _only_failures(project: Path, fan: Fan) -> int:
    again = undisturbed_resume(project, fan)
    assert again == [f"unit {i}." for i in fan.failing], f"{len(again)} calls ran again"
    return len(again)


def killed(size: int, failing: int, step: int) -> Iterator[Row]:
    """Kill the real command at its Nth write or sync of the journal."""
    if not can_trace():
        yield from (Row(c, what, not_run="strace is not here") for c, what in TRACED.items())
        return
    with tempfile.TemporaryDirectory() as folder:
        case = sample(Path(folder), size, failing)
    row = Row("1", f"{TRACED['1']}, {size} agents, {failing} failing")
    for count in range(1, case.writes + 1, step):
        row.try_point(f"write {count}", lambda p, n=count: killed_at(p, case, "write", n))
    yield row
    row = Row("2", TRACED["2"])
    row.try_point("sync 1", lambda p: killed_at(p, case, "fdatasync", 1))
    yield row


def kills(wanted: list[str] | None, *, full: bool) -> Iterator[Row]:
    """Give the cases that are many points of one kind, each when it is done."""
    began = time.monotonic()
    if wanted is None or {*wanted} & {"9", "P2"}:
        for row in in_process(BIG if full else SMALL, 1):
            row.seconds, began = round(time.monotonic() - began, 1), time.monotonic()
            yield row
    if wanted is None or {*wanted} & {*TRACED}:
        for row in killed(102 if full else 12, 2 if full else 1, 1 if full else 9):
            row.seconds, began = round(time.monotonic() - began, 1), time.monotonic()
            yield row


def rows(wanted: list[str] | None, *, full: bool) -> Iterator[Row]:
    """Give the cases that are wanted; all of them, where none is named."""
    for row in kills(wanted, full=full):
        if wanted is None or row.case.split()[0] in wanted:
            yield row
    if wanted is None or {*wanted} - {"1", "2", "9", "P2"}:
        yield from counted(wanted)


def main() -> int:
    """Print a line per case; the exit status says whether every point that ran survived."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="small sizes; this is what is done")
    options.add_argument("--full", action="store_true", help="every point")
    options.add_argument("--case", action="append", help="only these cases")
    options.add_argument("--json", type=Path)
    asked = options.parse_args()
    done: list[Row] = []
    print(HEAD)
    for row in rows(asked.case, full=asked.full):
        done.append(row)
        print(row, flush=True)
    points, survived = sum(r.points for r in done), sum(r.survived for r in done)
    print(f"survived {survived} / {points}, not run {sum(bool(r.not_run) for r in done)}")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in done], indent=1))
    return int(survived < points)


if __name__ == "__main__":
    sys.exit(main())
