"""Hosts one script of W8 and prints what it took; started by the bench, one form at a time."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.scripts import BudgetTotals, HostCall, ScriptLimits, Settle, Spent, Start
from hocket.scripts.python import MontyProcess, PythonHost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.scripts import Batch

ANSWER = "The second worker repeats the parser as the document says. " * 4
MOST_AT_ONCE = 256
"""As many results the engine hands over together, when so many have come."""
STAGES = 3
HEAD = '''"""Ask n agents."""
from hocket.script import agent, args, parallel, pipeline

meta = {"name": "n", "description": "Ask n agents"}


async def main():
    await agent("the first call is not timed: the worker starts")
    n = args["n"]
    answered = 0
'''
PARALLEL = """\
    for first in range(0, n, 4000):
        part = range(first, min(first + 4000, n))
        answers = await parallel([lambda i=i: agent(f"id={i}; You review file {i}.") for i in part])
        answered += len([a for a in answers if a is not None])
    return answered
"""
BODIES = {
    "parallel": PARALLEL,
    "one_by_one": PARALLEL,
    "single": PARALLEL,
    "sequential": """\
    for i in range(n):
        answered += len(await agent(f"id={i}; You review file {i}.")) > 0
    return answered
""",
    "pipeline": """\
    n = n // 3 + 1
    for first in range(0, n, 4000):
        part = list(range(first, min(first + 4000, n)))
        answers = await pipeline(part,
            lambda i: agent(f"id={i}; stage 0 of item {i}."),
            lambda text, i: agent(f"id={i}; stage 1: {text[:40]}"),
            lambda text, i: agent(f"id={i}; stage 2: {text[:40]}"))
        answered += 3 * len([a for a in answers if a is not None])
    return answered
""",
}


class Engine:
    """Answers at once: all the engine does beside is left out."""

    def __init__(self, form: str) -> None:
        self._form = form
        self.asked = 0

    def answers(self, batch: Batch) -> Iterator[list[Settle]]:
        """Give the answers to a batch in the groups that cross together."""
        calls = [message.id for message in batch.messages if isinstance(message, HostCall)]
        groups = batch.barriers if self._form == "parallel" else ()
        quiet = {call for group in groups for call in group[:-1]}
        size = 1 if self._form == "single" else MOST_AT_ONCE
        self.asked += len(calls)
        settles = [Settle(call, ANSWER, None, Spent(call, 0), call in quiet) for call in calls]
        for first in range(0, len(settles), size):
            yield settles[first : first + size]


async def drive(process: MontyProcess, engine: Engine, batch: Batch) -> Batch:
    """Answer until the script ends; what is asked meanwhile waits its turn."""
    while batch.end is None:
        following: list[Batch] = []
        for settles in engine.answers(batch):
            following.append(await process.resume(settles))
            if following[-1].end is not None:
                break
        batch = _joined(following)
    return batch


async def host(form: str, calls: int) -> dict[str, object]:
    """Host one script from its start to its end; timed from its second request on."""
    python = PythonHost()
    script = python.read(HEAD + BODIES[form], "n.py")
    start = Start(script, {"n": calls}, True, BudgetTotals(), ScriptLimits())  # noqa: FBT003
    async with python.open(start) as process:
        batch = await process.resume(())
        engine = Engine(form)
        (warm,) = next(engine.answers(batch))
        engine.asked = 0
        began = time.monotonic()
        end = (await drive(process, engine, await process.resume([warm]))).end
        took = time.monotonic() - began
        worker_mb = _largest(process.pid)
    answered = getattr(end, "value", str(end))
    return {
        "asked": engine.asked,
        "answered": answered,
        "seconds": took,
        "worker_mb": worker_mb,
    }


def _joined(batches: list[Batch]) -> Batch:
    messages = tuple(message for batch in batches for message in batch.messages)
    barriers = tuple(group for batch in batches for group in batch.barriers)
    return type(batches[0])(messages, barriers, batches[-1].end)


def _largest(pid: int | None) -> float:
    """Read the most the worker ever held, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(host(sys.argv[1], int(sys.argv[2])))))
