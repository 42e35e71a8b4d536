"""W5: 1,000 agents that answer 20,000 characters each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from project import fresh, simulated
from records import records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort
    from figures import Figure
    from project import Project

AGENTS, SIZE = 1_000, 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """What a run of long answers took."""

    total_s: float
    peak_mb: float
    state_bytes: int
    text_bytes: int


def measure(effort: Effort) -> Iterator[Figure]:
    """Measure memory, disk and time."""
    series = effort.repeat(write, quick=2)
    text_mb = series.runs[0].text_bytes / 1e6
    size = f"{AGENTS:,} answers of {SIZE:,} characters, {text_mb:.1f} MB"
    yield series.figure(
        "W5.peak",
        lambda run: run.peak_mb,
        unit="MB",
        goal=130,
        note=f"{size}; the whole process tree",
    )
    yield series.figure(
        "W5.state",
        lambda run: run.state_bytes / run.text_bytes,
        unit="of text",
        goal=2.1,
        note="all files of the run; simulated agents have no transcripts",
    )
    yield series.figure(
        "W5.total", lambda run: run.total_s, unit="s", goal=1.5, note="spawn to exit"
    )


def write() -> Written:
    """One run, and the size of all it wrote."""
    with fresh() as project:
        done = project.run(AGENTS, simulated(f"latency=0,size={SIZE}")).measured
        return Written(done.wall_s, done.peak_mb, *sizes(project))


def sizes(project: Project) -> tuple[int, int]:
    """Give the bytes of all files of the run, and of the answers in them."""
    text = sum(len(str(r["value"]).encode()) for r in records(project.journal) if "value" in r)
    files = [path for path in project.run_folder.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files), text
