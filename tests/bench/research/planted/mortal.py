"""A run whose process dies half-way: for stories of killing and going on."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.testing import run_command
from planted.backend import PlantedBackend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.calls import Call, Outcome
    from hocket.api.protocols import CallContext

KILLED = 9
HERE = Path(__file__).parents[1]


class Mortal(PlantedBackend):
    """Dies with its whole process before it answers a certain call."""

    last = 0

    async def run(self, call: Call, context: CallContext) -> Outcome:
        """Answer, unless it is time."""
        if len(self.calls) >= self.last:
            os._exit(KILLED)
        return await super().run(call, context)


def run_and_die(world: object, words: Sequence[str], project: Path, calls: int) -> tuple[str, int]:
    """Type a command in a process that dies after so many calls; gives run and kept calls."""
    told = json.dumps([type(world).__module__, type(world).__name__, world.__dict__.get("seed", 0)])
    given = [told, json.dumps([*words]), str(project), str(calls)]
    life = f"import sys; sys.path.insert(0, {str(HERE)!r}); from planted.mortal import live; live()"
    done = subprocess.run([sys.executable, "-c", life, *given], capture_output=True, check=False)
    assert done.returncode == KILLED, done.stderr.decode()
    (run,) = (project / ".hocket" / "runs").glob("????")
    return run.name, _kept(run)


def live() -> None:
    """Run what the command line says, and die."""
    (module, name, seed), words = json.loads(sys.argv[1]), json.loads(sys.argv[2])
    world = getattr(importlib.import_module(module), name)(seed=seed)
    backend = Mortal(world.agents(), seed=seed)
    backend.last = int(sys.argv[4])
    run_command(words, backend, project=Path(sys.argv[3]))


def _kept(run: Path) -> int:
    """Count the calls whose ends are written whole."""
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text("utf-8").splitlines()]
    return sum(one["t"] == "ended" and one.get("state") == "ok" and "call" in one for one in lines)
