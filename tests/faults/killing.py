"""Real kills: a run of the real command, dead at its Nth journal write, and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inject import HOCKET, at_call, environment, hocket
from oracle import COMMITTED, check, read
from points import CAP, SCRIPT

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Sample:
    """A fan-out on simulated agents, of which a known number fail under this seed."""

    size: int
    failing: int
    simulate: str

    @property
    def writes(self) -> int:
        """How many lines a life writes that runs everything: opened, three a call, closed."""
        return 1 + 3 * self.size - self.failing + 1


def sample(project: Path, size: int, failing: int) -> Sample:
    """Find a seed under which exactly so many calls fail."""
    (project / "script.py").write_text(SCRIPT)
    for seed in range(1000):
        simulate = f"fail={failing / size:.3f},seed={seed}"
        words = ["run", "script.py", "--yes", "--json", "--simulate", simulate]
        told = hocket(project, *words, "--args", json.dumps({"n": size}))
        report = json.loads(told.stdout)
        hocket(project, "runs", "rm", report["run_id"])
        if report["census"].get("error", 0) == failing:
            return Sample(size, failing, simulate)
    raise AssertionError("no seed fails as often")


def begun(project: Path, size: int) -> Path:
    """Leave a run that was killed before any of its calls had ended; give its folder."""
    (project / "script.py").write_text(SCRIPT)
    words = ["run", "script.py", "--yes", "--quiet", "--simulate", "latency=30"]
    words += ["--concurrency", str(CAP), "--args", json.dumps({"n": size})]
    process = subprocess.Popen(
        [*HOCKET, *words],
        cwd=project,
        env=environment(project),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return _wait_for_start(project, min(CAP, size))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_start(project: Path, calls: int) -> Path:
    deadline = time.monotonic() + PATIENCE_S
    runs = project / ".hocket" / "runs"
    while time.monotonic() < deadline:
        for folder in runs.glob("????"):
            if sum(r["t"] == "started" for r in read(folder).records) >= calls:
                return folder
        time.sleep(0.02)
    raise AssertionError("the run did not start")


def killed_at(project: Path, case: Sample, call: str, count: int) -> int:
    """Kill a life at its Nth such call, resume, and give how many calls ran again.

    Raises AssertionError when anything committed was repeated, or anything else not run.
    """
    folder = begun(project, case.size)
    words = ["resume", folder.name, "--quiet", "--simulate", case.simulate]
    dead = hocket(
        project, *words, before=at_call(folder / "journal.jsonl", call, "signal=SIGKILL", count)
    )
    assert dead.returncode != 0, dead.stderr
    kept = read(folder)
    last = hocket(project, *words, "--json")
    assert last.returncode == 0, last.stderr
    told = json.loads(last.stdout)
    journal = check(folder, cap=CAP, lives=3)
    newest = journal.records[-1]["e"]
    again = [r for r in journal.records if r["t"] == "started" and r["e"] == newest]
    assert len(again) == case.size - len(kept.committed)
    assert told["census"] == _census(case, kept)
    assert sum(r["t"] == "ended" and r["state"] in COMMITTED for r in journal.records) == (
        case.size - case.failing
    )
    return len(again)


def _census(case: Sample, kept) -> dict[str, int]:
    cached = len(kept.committed)
    counts = {"ok": case.size - case.failing - cached, "cached": cached, "error": case.failing}
    return {state: count for state, count in counts.items() if count}
