"""W4: kill a run of 1,000 agents when half of them are committed, and resume it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from figures import InvalidRun
from project import CAP, fresh, simulated
from records import Ends, Flow, Lives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort
    from figures import Figure
    from measuring import Child
    from project import Project

AGENTS, KILLED_AT = 1_000, 500
LATENCY_S = 0.05
LOOK_S = 0.005
SIMULATED = simulated(f"latency={LATENCY_S},jitter=0")
IDEAL_S = (AGENTS - KILLED_AT) / CAP * LATENCY_S


@dataclass(frozen=True, slots=True)
class Killed:
    """What one run lost by being killed, and what its resume took."""

    repeated: int
    again: int
    most_in_flight: int
    replayed: int
    replay_s: float
    delivery_s: float
    first_new_call_s: float
    total_s: float


def measure(effort: Effort) -> Iterator[Figure]:
    """Kill and resume; all counts are of the journal and of a listening plugin."""
    series = effort.repeat(kill_and_resume, quick=2)
    replayed = ", ".join(str(run.replayed) for run in series.runs)
    yield series.figure(
        "W4.repeated_committed",
        lambda run: run.repeated,
        unit="calls",
        goal=0,
        exact=True,
        note="committed before the kill, and begun or ended again",
        of=max,
    )
    yield series.figure(
        "W4.run_again",
        lambda run: run.again,
        unit="calls",
        goal=CAP,
        note="in flight when killed",
        of=max,
    )
    yield series.figure(
        "W4.most_in_flight",
        lambda run: run.most_in_flight,
        unit="calls",
        goal=CAP,
        exact=True,
        note=f"by the journal, {AGENTS:,} agents of {LATENCY_S * 1000:.0f} ms",
        of=max,
    )
    yield series.figure(
        "W4.replay",
        lambda run: run.replay_s,
        unit="s",
        goal=0.1,
        note=f"RunStarted to the last replayed result, as a plugin hears it; {replayed} results",
    )
    yield series.figure(
        "W4.replay_delivery",
        lambda run: run.delivery_s,
        unit="s",
        note="first to last replayed result",
    )
    yield series.figure(
        "W4.first_new_call",
        lambda run: run.first_new_call_s,
        unit="s",
        goal=0.5,
        note="spawn of resume to the first CallStarted",
    )
    yield series.figure(
        "W4.resume_total",
        lambda run: run.total_s,
        unit="s",
        note=f"spawn to exit; the rest alone takes {IDEAL_S:.2f}",
    )


def kill_and_resume() -> Killed:
    """One run in two lives."""
    with fresh() as project:
        _killed_half_way(project)
        flow = Flow.of(project.journal)
        kept = len(Lives.of(project.journal).committed)
        project.listen()
        resumed = project.resume(AGENTS, kept).measured
        lives = Lives.of(project.journal)
        if len(lives.committed) != AGENTS:
            raise InvalidRun(f"{len(lives.committed)} calls are committed, not {AGENTS}")
        heard = json.loads(project.heard.read_text())
        if heard["replayed"] != kept:
            raise InvalidRun(f"{heard['replayed']} results were replayed, {kept} committed")
        return Killed(
            len(lives.repeated),
            len(lives.again),
            flow.most_in_flight,
            kept,
            heard["last_replayed"] - heard["started"],
            heard["last_replayed"] - heard["first_replayed"],
            heard["first_new_call"] - resumed.spawned_s,
            resumed.wall_s,
        )


def _killed_half_way(project: Project) -> None:
    child = project.begin(AGENTS, SIMULATED)
    try:
        _wait_half_way(child, project)
    finally:
        child.kill()
        ended = child.wait()
    if ended.exit_code >= 0:
        said = ended.errors.decode("utf-8", "replace").strip()
        raise InvalidRun(f"the run ended by itself with {ended.exit_code}: {said}")


def _wait_half_way(child: Child, project: Project) -> None:
    while not project.journals and not child.is_over:
        time.sleep(LOOK_S)
    if child.is_over:
        return
    ends = Ends(project.journal)
    while ends.look() < KILLED_AT and not child.is_over:
        time.sleep(LOOK_S)
    ends.close()
