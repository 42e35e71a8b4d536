"""W4 with real requests: kill a run when the server has answered half, and resume it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from figures import InvalidRun
from programs import LOOP, ask
from project import CAP, Way, fresh
from records import Lives
from standing import standing
from w4_resume import AGENTS, KILLED_AT, LOOK_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort
    from figures import Figure
    from project import Project
    from standing import Counted, Standing

GOALS_S = {"direct": 0.5, "anthropic": 1.2}


@dataclass(frozen=True, slots=True)
class Resumed:
    """What the server saw of the second life."""

    repeated: int
    again: int
    most_in_flight: int
    first_new_call_s: float


def measure(effort: Effort) -> Iterator[Figure]:
    """Kill and resume with both providers; all counts are the server's."""
    with standing() as server:
        programs = {name: partial(_resumed, name, server) for name in GOALS_S}
        runs = effort.paired(programs, quick=1)
    for name, series in runs.items():
        yield series.figure(
            f"W4.{name}_repeated",
            lambda run: run.repeated,
            unit="calls",
            goal=0,
            exact=True,
            note="committed before the kill, and asked again",
            of=max,
        )
        yield series.figure(
            f"W4.{name}_run_again",
            lambda run: run.again,
            unit="calls",
            goal=CAP,
            note="asked in both lives: in flight when killed",
            of=max,
        )
        yield series.figure(
            f"W4.{name}_first_new_call",
            lambda run: run.first_new_call_s,
            unit="s",
            goal=GOALS_S[name],
            note="spawn of resume to its first request",
        )


def _resumed(provider: str, server: Standing) -> Resumed:
    server.reset()
    with fresh() as project:
        ask(project.env, server)
        if provider == "direct":
            project.install("direct")
        before = _killed(project, Way((*LOOP, f"{provider}/standin"), "lat=50; "), server)
        kept = len(Lives.of(project.journal).committed)
        server.reset()
        done = project.resume(AGENTS, kept).measured
        repeated = len(Lives.of(project.journal).repeated)
    after = server.counted().checked(AGENTS - kept, CAP)
    again = len(set(before.asked) & set(after.asked))
    first_s = (after.first_ms - done.spawned_at_ms) / 1000
    return Resumed(repeated, again, after.most_in_flight, first_s)


def _killed(project: Project, way: Way, server: Standing) -> Counted:
    child = project.begin(AGENTS, way)
    try:
        while len(server.counted().answered) < KILLED_AT and not child.is_over:
            time.sleep(LOOK_S)
    finally:
        child.kill()
        ended = child.wait()
    if ended.exit_code >= 0:
        raise InvalidRun(f"the run ended by itself with {ended.exit_code}")
    return server.counted()
