"""A fresh project for one run, and the real command started in it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from figures import InvalidRun
from measuring import Child, measured

if TYPE_CHECKING:
    from collections.abc import Generator

    from measuring import Measured

HERE = Path(__file__).parent
CAP = 16
FAN_OUT = '''"""Review n files, in slices of at most 4,000."""
from hocket.script import agent, args, parallel

meta = {"name": "fan-out", "description": "Review n files"}


def prompt(i):
    return (f"id={i}; You review file number {i}. "
            "Report the one most important finding in two sentences.")


async def main():
    answered = 0
    for first in range(0, args["n"], 4000):
        numbers = range(first, min(first + 4000, args["n"]))
        answers = await parallel([lambda i=i: agent(prompt(i)) for i in numbers])
        answered += len([answer for answer in answers if answer is not None])
    return answered
'''


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that completed, with what it said and what it took."""

    measured: Measured
    report: dict[str, object]


class Project:
    """A folder with the script of the workloads; nobody's own settings count in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "project"
        self.heard = root / "heard.json"
        (self.folder / ".hocket").mkdir(parents=True)
        (self.folder / "fan-out.py").write_text(FAN_OUT)
        self.env = {name: text for name, text in os.environ.items() if not _is_ours(name)}
        self.env |= {
            "HOCKET_CONFIG_HOME": str(root / "config"),
            "HOCKET_DATA_HOME": str(root / "data"),
        }

    @property
    def run_folder(self) -> Path:
        """The folder of the project's only run."""
        return self.journal.parent

    @property
    def journal(self) -> Path:
        """The journal of the project's only run; raises InvalidRun unless there is one."""
        journals = self.journals
        if len(journals) != 1:
            raise InvalidRun(f"{len(journals)} runs in a project for one")
        return journals[0]

    @property
    def journals(self) -> list[Path]:
        """The journals of all runs so far."""
        return [*self.folder.glob(".hocket/runs/*/journal.jsonl")]

    def command(self, *words: str) -> Measured:
        """Run `hocket` to its end."""
        return measured([*hocket(), *words], self.folder, self.env)

    def begin(self, agents: int, simulate: str) -> Child:
        """Start a run of the script."""
        return Child([*hocket(), *_run(agents, simulate)], self.folder, self.env)

    def run(self, agents: int, simulate: str) -> Finished:
        """Run the script to its end; raises InvalidRun unless every agent answered."""
        return _finished(self.command(*_run(agents, simulate)), agents, {"ok": agents})

    def resume(self, agents: int, cached: int) -> Finished:
        """Resume the run to its end; `cached` results have to be replayed."""
        # Typed again: settings, defaults included, may only tighten what the run had.
        done = self.command("resume", self.run_folder.name, *_caps(agents))
        return _finished(done, agents, {"ok": agents - cached, "cached": cached})

    def listen(self) -> None:
        """Install the listener plugin: from now on runs write when their events came."""
        packages = self.root / "packages"
        described = packages / "hocket_bench_ear-1.dist-info"
        described.mkdir(parents=True)
        shutil.copy(HERE / "ear.py", packages / "hocket_bench_ear.py")
        (described / "METADATA").write_text("Name: hocket-bench-ear\nVersion: 1\n")
        (described / "entry_points.txt").write_text("[hocket]\nbench.ear = hocket_bench_ear\n")
        self.env |= {"PYTHONPATH": str(packages), "BENCH_EAR": str(self.heard)}


@contextmanager
def fresh() -> Generator[Project]:
    """Give a project that is removed afterwards; TMPDIR says on which disk."""
    with tempfile.TemporaryDirectory(prefix="hocket-bench-") as root:
        yield Project(Path(root))


def hocket() -> list[str]:
    """Give the installed command of this interpreter."""
    beside = Path(sys.executable).with_name("hocket")
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "hocket"]


def _run(agents: int, simulate: str) -> list[str]:
    return [
        *("run", "fan-out.py", "--args", json.dumps({"n": agents}), "--simulate", simulate),
        *_caps(agents),
    ]


def _caps(agents: int) -> list[str]:
    caps = ["--concurrency", str(CAP), "--max-agents", str(agents)]
    return [*caps, "--yes", "--quiet", "--json"]


def _finished(done: Measured, agents: int, census: dict[str, int]) -> Finished:
    report = json.loads(done.output)
    found = {state: count for state, count in report["census"].items() if count}
    if (report["status"], report["result"]) != ("completed", agents) or found != census:
        raise InvalidRun(f"{report['status']}, {report['result']}, {found}; expected {census}")
    return Finished(done, report)


def _is_ours(name: str) -> bool:
    """Whether a variable could change what is measured."""
    return name.startswith(("HOCKET_", "PYTHON", "COV"))
