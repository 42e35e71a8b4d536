"""W8: the Python script host alone; its requests are answered at once and nothing is kept."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from figures import Figure, InvalidRun
from measuring import measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort

CHILD = Path(__file__).with_name("host_alone.py")
FULL, QUICK = 10_000, 4_000
MANY, QUICK_MANY = 100_000, 10_000
BARRIER, ALONE, SEQUENTIAL = 85, 165, 130
WORKER_MB = 40
FORMS = {
    "parallel": (BARRIER, "slices of 4,000, quiet but the last of a slice"),
    "one_by_one": (
        ALONE,
        "the same, the script comes to rest after each of 256 that came together",
    ),
    "single": (None, "the same, each result comes alone: a thread hop more"),
    "pipeline": (ALONE, "3 stages, results as in one_by_one"),
    "sequential": (SEQUENTIAL, "one call after the other"),
}


@dataclass(frozen=True, slots=True)
class Hosted:
    """What one script in its worker took."""

    us: float
    worker_mb: float


def measure(effort: Effort) -> Iterator[Figure]:
    """Run each form of fan-out, then the first with many calls."""
    calls = effort.size(FULL, QUICK)
    sized = effort.label(FULL, QUICK, "calls")
    for form, (goal, what) in FORMS.items():
        series = effort.repeat(partial(host, form, calls), quick=2)
        yield series.figure(
            f"W8.{form}", lambda run: run.us, unit="µs", goal=goal, note=f"{what}; {sized}"
        )
    many = effort.size(MANY, QUICK_MANY)
    asked = effort.label(MANY, QUICK_MANY, "calls")
    series = effort.repeat(partial(host, "parallel", many), quick=1, usual=3)
    yield series.figure("W8.parallel_many", lambda run: run.us, unit="µs", goal=BARRIER, note=asked)
    yield series.figure(
        "W8.worker",
        lambda run: run.worker_mb,
        unit="MB",
        goal=WORKER_MB,
        note=f"largest the worker ever was, with what the script keeps; {asked}",
    )


def host(form: str, calls: int) -> Hosted:
    """One script in a process that does nothing but host it."""
    with tempfile.TemporaryDirectory(prefix="hocket-bench-") as folder:
        command = [sys.executable, str(CHILD), form, str(calls)]
        told = json.loads(measured(command, Path(folder), os.environ).output)
    if told["answered"] != told["asked"] or told["asked"] < calls:
        raise InvalidRun(f"{form}: {told['answered']} of {told['asked']} calls were answered")
    return Hosted(told["seconds"] / told["asked"] * 1e6, told["worker_mb"])
