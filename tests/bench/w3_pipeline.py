"""W3: items in three stages, without and with a barrier, and with a heavy tail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from effort import ratio
from fifo import ideal_s
from programs import LOOP, ask
from project import CAP, Way, fresh
from records import Flow
from standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effort import Effort
    from fifo import Table
    from figures import Figure
    from standing import Standing

STAGES = 3
PIPELINE = '''"""Take items through three stages."""
from hocket.script import agent, args, parallel, pipeline

meta = {"name": "stages", "description": "Take items through three stages"}


def ask(before, item, stage):
    wait = args["table"][item][stage]
    text = f"id={item * 3 + stage}; lat={wait}; stage {stage} of item {item}. {before[:40]}"
    return agent(text, tools=[])


async def main():
    items = list(range(len(args["table"])))
    if not args["barrier"]:
        last = await pipeline(
            items,
            lambda item: ask("", item, 0),
            lambda before, item: ask(before, item, 1),
            lambda before, item: ask(before, item, 2),
        )
    else:
        last = [""] * len(items)
        for stage in range(3):
            last = await parallel([lambda i=i, b=last[i], s=stage: ask(b, i, s) for i in items])
    return len([answer for answer in last if answer]) * 3
'''


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of work, and its goal as a share of the ideal."""

    key: str
    table: Table
    barrier: bool
    goal: float | None


def measure(effort: Effort) -> Iterator[Figure]:
    """Run all shapes once in each repetition, by the direct provider."""
    items = effort.size(300, 60)
    even = _table(items, tail=0.0)
    heavy = _table(60, tail=0.05)
    shapes = (
        Shape("W3", even, barrier=False, goal=1.03),
        Shape("W3b", even, barrier=True, goal=1.03),
        Shape("W3t", heavy, barrier=False, goal=1.03),
        Shape("W3t_barrier", heavy, barrier=True, goal=None),
    )
    with standing() as server:
        programs = {shape.key: partial(_run, shape, server) for shape in shapes}
        runs = effort.paired(programs, quick=1)
    for shape in shapes:
        best = ideal_s(shape.table, CAP, barrier=shape.barrier)
        yield runs[shape.key].figure(
            shape.key,
            lambda seconds, best=best: seconds / best,
            unit="of ideal",
            goal=shape.goal,
            note=f"{len(shape.table)} items of {STAGES} stages, direct; ideal {best:.3f} s",
        )
    key, note = "W3t_to_barrier", "heavy tail, without a barrier beside with one"
    yield ratio(runs["W3t"], runs["W3t_barrier"], float, key=key, note=note, goal=0.55)


def _run(shape: Shape, server: Standing) -> float:
    """Give the seconds from the first request to the record that closes the run."""
    server.reset()
    calls = len(shape.table) * STAGES
    with fresh() as project:
        ask(project.env, server)
        project.install("direct")
        (project.folder / "stages.py").write_text(PIPELINE)
        way = Way((*LOOP, "direct/standin"), script="stages.py")
        project.run(calls, way, table=shape.table, barrier=shape.barrier)
        closed_ms = Flow.of(project.journal).closed_ms
    return (closed_ms - server.counted().checked(calls, CAP).first_ms) / 1000


def _table(items: int, tail: float) -> Table:
    draw = Random(7)
    return [[_latency(draw, tail) for _ in range(STAGES)] for _ in range(items)]


def _latency(draw: Random, tail: float) -> int:
    if tail and draw.random() < tail:
        return 2_000
    return draw.randint(20, 200)
