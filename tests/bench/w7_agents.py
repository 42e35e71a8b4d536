"""W7: many agents that answer at once, through script host, engine and durable journal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from figures import Figure, InvalidRun
from project import CAP, fresh, simulated
from records import Flow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort

FEW, MANY = 10_000, 100_000
QUICK_FEW, QUICK_MANY = 4_000, 20_000
SLICES = 5
"""Each is a whole number of waves: the script asks for 4,000 at once."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """What one run of many agents took."""

    agents: int
    work_s: float
    cpu_s: float
    peak_mb: float
    most_in_flight: int
    slices_s: tuple[float, ...]

    @property
    def us(self) -> float:
        """Microseconds of work per agent."""
        return self.work_s / self.agents * 1e6


def measure(effort: Effort) -> Iterator[Figure]:
    """Run few and many agents, and compare."""
    few = effort.size(FEW, QUICK_FEW)
    many = effort.size(MANY, QUICK_MANY)
    small = effort.repeat(partial(fleet, few), quick=2)
    large = effort.repeat(partial(fleet, many), quick=2)
    asked = effort.label(MANY, QUICK_MANY, "agents")
    cpu = min(run.cpu_s for run in large.runs) / many * 1e6
    yield large.figure(
        "W7.us_per_agent",
        lambda run: run.us,
        unit="µs",
        goal=150,
        note=f"{asked}; opened to closed record; CPU {cpu:.0f} µs with start",
    )
    yield small.figure(
        "W7a.us_per_agent",
        lambda run: run.us,
        unit="µs",
        goal=150,
        note=effort.label(FEW, QUICK_FEW, "agents"),
    )
    # Noise only adds, also to the first slice: so each slice counts as it was at its best.
    slices = [min(times) for times in zip(*(run.slices_s for run in large.runs), strict=True)]
    yield Figure(
        key="W7.growth",
        value=max(slices[1:]) / slices[0],
        unit="times",
        goal=1.1,
        note=f"the slowest slice of {many // SLICES:,} against the first, each at its best: "
        f"{' '.join(f'{s:.2f}' for s in slices)} s; {asked}",
    )
    yield large.figure(
        "W7.peak", lambda run: run.peak_mb, unit="MB", goal=120, note=f"whole tree; {asked}"
    )
    least = min(run.peak_mb for run in small.runs)
    more_kb = (min(run.peak_mb for run in large.runs) - least) * 1000 / (many - few)
    yield Figure(
        key="W7.kb_per_agent",
        value=more_kb,
        unit="KB",
        goal=0.4,
        note=f"least peaks; more memory for each agent from {few:,} to {many:,}",
    )
    yield large.figure(
        "W7.most_in_flight",
        lambda run: run.most_in_flight,
        unit="calls",
        goal=CAP,
        note="by the journal; an answer at once leaves its slot at once: W4 fills the cap",
        of=max,
    )


def fleet(agents: int) -> Fleet:
    """One run; its journal is read afterwards."""
    with fresh() as project:
        done = project.run(agents, simulated("latency=0")).measured
        flow = Flow.of(project.journal)
    if len(flow.ended_ms) != agents:
        raise InvalidRun(f"{len(flow.ended_ms)} calls ended, not {agents}")
    slices = tuple(flow.slices_s(SLICES))
    return Fleet(agents, flow.work_s, done.cpu_s, done.peak_mb, flow.most_in_flight, slices)
