"""W1 and W2: 1,000 agents of 50 ms and of 0 ms, beside floors that do the same without hocket."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from effort import ratio
from programs import Task, floor, hocket_by
from project import CAP
from standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from effort import Effort, Series
    from figures import Figure
    from programs import Work
    from standing import Standing

AGENTS, QUICK = 1_000, 200
LATENCY_MS = 50
WIDE = 256


def measure(effort: Effort) -> Iterator[Figure]:
    """Measure both, each with both providers and their floors, in one go."""
    with standing() as server:
        yield from _waiting(effort, server)
        yield from _busy(effort, server)
        yield from _wide(effort, server)


def _programs(task: Task, server: Standing) -> dict[str, Callable[[], Work]]:
    return {
        "direct": hocket_by("direct", task, server),
        "sdk": hocket_by("anthropic", task, server),
        "floor-direct": floor("direct", task, server),
        "floor-sdk": floor("sdk", task, server),
        "floor-sdk-journal": floor("sdk", task, server, journal=True),
    }


def _waiting(effort: Effort, server: Standing) -> Iterator[Figure]:
    """W1: what is above the ideal is what a person waits for hocket."""
    agents = effort.size(AGENTS, QUICK)
    ideal_s = -(-agents // CAP) * LATENCY_MS / 1000 if agents % CAP else agents / CAP * 0.05
    task = Task(agents, f"lat={LATENCY_MS}; ")
    runs = effort.paired(_programs(task, server), quick=1)
    goals = {"direct": 1.06, "sdk": 1.10}
    about = effort.label(AGENTS, QUICK, f"agents of {LATENCY_MS} ms")
    for name, series in runs.items():
        yield series.figure(
            f"W1.{name}",
            lambda work: work.work_s / ideal_s,
            unit="of ideal",
            goal=goals.get(name),
            note=f"{about}; ideal {ideal_s:.3f} s; {_effort_of(series)}",
        )
    for name, goal in (("direct", 1.02), ("sdk", 1.03)):
        against = runs[f"floor-{name}"]
        key, note = f"W1.{name}_to_floor", f"work beside floor-{name}"
        yield ratio(runs[name], against, lambda work: work.work_s, key=key, note=note, goal=goal)


def _busy(effort: Effort, server: Standing) -> Iterator[Figure]:
    """W2: answers at once, so all that is left is work."""
    task = Task(effort.size(AGENTS, QUICK))
    runs = effort.paired(_programs(task, server), quick=1)
    goals = {"direct": 500, "sdk": 800}
    about = effort.label(AGENTS, QUICK, "agents of 0 ms")
    for name, series in runs.items():
        yield _per_agent(f"W2.{name}", series, f"{about}; {_effort_of(series)}", goals.get(name))
    key, note = (
        "W2.sdk_to_journal_floor",
        "work beside floor-sdk-journal, which survives a kill too",
    )
    floors = runs["floor-sdk-journal"]
    yield ratio(runs["sdk"], floors, lambda work: work.work_s, key=key, note=note, goal=1.0)
    yield runs["sdk"].figure(
        "W10.first_sdk",
        lambda work: work.first_s,
        unit="s",
        goal=1.2,
        note="spawn to the first request",
    )
    yield runs["direct"].figure(
        "W10.first_direct", lambda work: work.first_s, unit="s", goal=0.45, note="the same"
    )


def _wide(effort: Effort, server: Standing) -> Iterator[Figure]:
    """W2c: the same with many at once."""
    task = Task(effort.size(AGENTS, QUICK), cap=WIDE)
    programs = {"sdk": hocket_by("anthropic", task, server)}
    series = effort.paired(programs, quick=1)["sdk"]
    about = effort.label(AGENTS, QUICK, f"agents of 0 ms, {WIDE} at once")
    yield _per_agent("W2c.sdk", series, f"{about}; {_effort_of(series)}", 1_000)


def _per_agent(key: str, series: Series[Work], note: str, goal: float | None) -> Figure:
    return series.figure(key, lambda work: work.us, unit="µs/agent", goal=goal, note=note)


def _effort_of(series: Series[Work]) -> str:
    least = partial(min, key=lambda work: work.cpu_s)
    best: Work = least(series.runs)
    return f"CPU {best.cpu_s:.2f} s, peak {best.peak_mb:.0f} MB"
