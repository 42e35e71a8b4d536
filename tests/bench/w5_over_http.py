"""W5 with real requests: 1,000 agents that answer 20,000 characters each, transcripts included."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from programs import LOOP, ask
from project import Way, fresh
from standing import standing
from w5_text import AGENTS, SIZE, Written, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort
    from figures import Figure
    from standing import Standing


def measure(effort: Effort) -> Iterator[Figure]:
    """Measure memory, disk and time through the SDK."""
    with standing() as server:
        series = effort.repeat(partial(_written, server), quick=1)
    about = f"{AGENTS:,} answers of {SIZE:,} characters through the SDK"
    rows = (
        ("peak", lambda run: run.peak_mb, "MB", 130, f"{about}; the whole process tree"),
        ("state", lambda run: run.state_bytes / run.text_bytes, "of text", 2.1, "all files"),
        ("total", lambda run: run.total_s, "s", 1.5, "spawn to exit"),
    )
    for name, take, unit, goal, note in rows:
        yield series.figure(f"W5.sdk_{name}", take, unit=unit, goal=goal, note=note)


def _written(server: Standing) -> Written:
    server.reset()
    with fresh() as project:
        ask(project.env, server)
        way = Way((*LOOP, "anthropic/standin"), f"size={SIZE}; ")
        done = project.run(AGENTS, way).measured
        return Written(done.wall_s, done.peak_mb, *sizes(project))
