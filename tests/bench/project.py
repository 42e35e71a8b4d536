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
    return (f"id={i}; {args['say']}You review file number {i}. "
            "Report the one most important finding in two sentences.")


async def main():
    answered = 0
    for first in range(0, args["n"], 4000):
        numbers = range(first, min(first + 4000, args["n"]))
        answers = await parallel([lambda i=i: agent(prompt(i), tools=[]) for i in numbers])
        answered += len([answer for answer in answers if answer is not None])
    return answered
'''


@dataclass(frozen=True, slots=True)
class Way:
    """How the agents of a run are answered, and what their prompts say beside their number."""

    words: tuple[str, ...]
    say: str = ""
    cap: int = CAP
    script: str = "fan-out.py"


def simulated(options: str) -> Way:
    """Answer in this process, by the backend that makes answers up."""
    return Way(("--simulate", options))


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

    def begin(self, agents: int, way: Way) -> Child:
        """Start a run of the script."""
        return Child([*hocket(), *_run(agents, way)], self.folder, self.env)

    def run(self, agents: int, way: Way, **args: object) -> Finished:
        """Run the script to its end; raises InvalidRun unless every agent answered."""
        return _finished(self.command(*_run(agents, way, **args)), agents, {"ok": agents})

    def resume(self, agents: int, cached: int) -> Finished:
        """Resume the run to its end; `cached` results have to be replayed."""
        # Typed again: settings, defaults included, may only tighten what the run had.
        done = self.command("resume", self.run_folder.name, *_caps(agents, CAP))
        return _finished(done, agents, {"ok": agents - cached, "cached": cached})

    def listen(self) -> None:
        """Install the listener plugin: from now on runs write when their events came."""
        self.install("ear")
        self.env["BENCH_EAR"] = str(self.heard)

    def install(self, name: str) -> None:
        """Install a plugin of the bench into the environment of this project's commands."""
        packages = self.root / "packages"
        described = packages / f"hocket_bench_{name}-1.dist-info"
        described.mkdir(parents=True)
        shutil.copy(HERE / f"{name}.py", packages / f"hocket_bench_{name}.py")
        (described / "METADATA").write_text(f"Name: hocket-bench-{name}\nVersion: 1\n")
        entry = f"[hocket]\nbench.{name} = hocket_bench_{name}\n"
        (described / "entry_points.txt").write_text(entry)
        self.env["PYTHONPATH"] = str(packages)


@contextmanager
def fresh() -> Generator[Project]:
    """Give a project that is removed afterwards; TMPDIR says on which disk."""
    with tempfile.TemporaryDirectory(prefix="hocket-bench-") as root:
        yield Project(Path(root))


def hocket() -> list[str]:
    """Give the installed command of this interpreter."""
    beside = Path(sys.executable).with_name("hocket")
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "hocket"]


def _run(agents: int, way: Way, **args: object) -> list[str]:
    given = json.dumps({"n": agents, "say": way.say, **args})
    return ["run", way.script, "--args", given, *way.words, *_caps(agents, way.cap)]


def _caps(agents: int, cap: int) -> list[str]:
    caps = ["--concurrency", str(cap), "--max-agents", str(agents)]
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
