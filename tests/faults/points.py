"""Kill points: a fan-out whose process dies at a given journal write, and is resumed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dying import Died, DyingDisk, DyingStore, lose_unsynced
from oracle import COMMITTED, check, read

from hocket.testing import Fail, ScriptedBackend, Stage, resume_script, run_script

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = '''"""A fan-out."""
from hocket.script import agent, args, parallel

meta = {"name": "fan", "description": "A fan-out"}


async def main():
    return await parallel([lambda i=i: agent(f"unit {i}.") for i in range(args["n"])])
'''
CAP = 16


@dataclass(frozen=True)
class Fan:
    """A fan-out of `size` agents of which `failing` never succeed."""

    size: int
    failing: tuple[int, ...] = ()

    def agents(self) -> ScriptedBackend:
        """Make agents that answer by unit, so that every life gives the same answers."""
        failing = {f"unit {i}.": Fail() for i in self.failing}
        answers = {f"unit {i}.": f"answer {i}" for i in range(self.size)}
        return ScriptedBackend(answers | failing)

    @property
    def result(self) -> list[str | None]:
        """What an undisturbed run returns."""
        return [None if i in self.failing else f"answer {i}" for i in range(self.size)]


def stage(disk: DyingDisk | None = None) -> Stage:
    """Run sixteen at once, on a disk that may die."""
    plugins = {} if disk is None else {"faults.store": DyingStore(disk)}
    return Stage(flags={"concurrency": CAP}, plugins=plugins)


def count_writes(project: Path, fan: Fan) -> int:
    """Count the journal writes of an undisturbed run."""
    disk = DyingDisk(writes=1 << 30)
    run_script(SCRIPT, fan.agents(), project=project, args={"n": fan.size}, stage=stage(disk))
    return disk.writes


def dies_at(project: Path, fan: Fan, write: int, *, torn: int = 0, power: bool = False) -> None:
    """Die at one write, resume, and hold what was dispatched against what was committed.

    With `power`, everything after the last sync that the journal itself knows of is lost.
    """
    disk = DyingDisk(write, torn)
    with suppress(Died, BaseExceptionGroup):
        run_script(SCRIPT, fan.agents(), project=project, args={"n": fan.size}, stage=stage(disk))
    assert disk.dead, f"the run never made write {write}"
    (folder,) = (p for p in (project / ".hocket" / "runs").iterdir() if p.is_dir())
    if power:
        lose_unsynced(folder, max((r.get("d", 0) for r in read(folder).records), default=0))
    kept = read(folder)
    if not kept.records:
        return  # only begun: there is no run to go on with, and nothing was dispatched
    _resumes(project, folder, fan, kept.committed)


def _resumes(project: Path, folder: Path, fan: Fan, committed: dict) -> None:
    agents = fan.agents()
    outcome = resume_script(folder.name, agents, project=project, stage=stage())
    assert outcome.status == "completed"
    assert outcome.result == fan.result
    # The dispatched set is exactly the calls without a committed result, by our own reader.
    assert len(agents.calls) == len(set(agents.calls)) == fan.size - len(committed)
    journal = check(folder, cap=CAP, lives=2)
    ended = {
        (r["key"], r["occ"]): r["state"]
        for r in journal.records
        if r["t"] == "ended" and r.get("op") == "agent"
    }
    states = list(ended.values())
    assert len(states) == fan.size
    assert sum(state not in COMMITTED for state in states) == len(fan.failing)
    assert sum(outcome.census.values()) == fan.size


def undisturbed_resume(project: Path, fan: Fan) -> list[str]:
    """Resume a finished run, and give what was dispatched: the failed calls and no others."""
    first = run_script(SCRIPT, fan.agents(), project=project, args={"n": fan.size}, stage=stage())
    agents = fan.agents()
    resume_script(first.run_id, agents, project=project, stage=stage())
    return agents.calls
