"""W10: how soon hocket answers, and how soon the first agent starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from figures import InvalidRun
from project import fresh, simulated
from records import Flow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from effort import Effort
    from figures import Figure

COMPLETION = {
    "_HOCKET_COMPLETE": "bash_complete",
    "COMP_WORDS": "hocket ru",
    "COMP_CWORD": "1",
}


class First(NamedTuple):
    """A run of one agent."""

    start_s: float
    peak_mb: float


def measure(effort: Effort) -> Iterator[Figure]:
    """Measure from spawn to exit, and for the first agent to its `started` record."""
    commands = (
        ("version", saying(b"hocket ", "--version"), 0.12, "hocket --version"),
        ("help", saying(b"Usage: hocket", "--help"), 0.20, "hocket --help"),
        ("completion", saying(b"run", **COMPLETION), 0.06, "the shell completes 'hocket ru'"),
    )
    for name, run, goal, what in commands:
        series = effort.repeat(run, quick=5)
        yield series.figure(f"W10.{name}", float, unit="s", goal=goal, note=what)
    firsts = effort.repeat(first, quick=3)
    yield firsts.figure(
        "W10.first",
        lambda run: run.start_s,
        unit="s",
        goal=0.45,
        note="spawn to the started record of the first agent, Python script, simulated",
    )
    yield firsts.figure(
        "W10.one_agent_peak",
        lambda run: run.peak_mb,
        unit="MB",
        goal=95,
        note="a run of one agent, whole tree",
    )


def saying(expected: bytes, *words: str, **env: str) -> Callable[[], float]:
    """Make a run of a command that has to print something, and give its wall seconds."""

    def run() -> float:
        with fresh() as project:
            project.env |= env
            done = project.command(*words)
        if expected not in done.output:
            raise InvalidRun(f"{expected!r} is not in what {words} printed")
        return done.wall_s

    return run


def first() -> First:
    """One run of one agent."""
    with fresh() as project:
        done = project.run(1, simulated("latency=0")).measured
        started_ms = Flow.of(project.journal).first_ms
    return First((started_ms - done.spawned_at_ms) / 1000, done.peak_mb)
