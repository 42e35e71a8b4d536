"""Programs that ask the same agents of the same server: hocket by two providers, and the floors."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import measured
from project import CAP, Way, fresh
from records import Flow

if TYPE_CHECKING:
    from collections.abc import Callable

    from measuring import Measured
    from standing import Counted, Standing

FLOORS = Path(__file__).parent / "floors"
LOOP = ("--backend", "agent_loop", "--model")


@dataclass(frozen=True, slots=True)
class Work:
    """What one program took for all its agents."""

    agents: int
    work_s: float
    """From the first request at the server to the durable end."""
    first_s: float
    """From the spawn to the first request."""
    cpu_s: float
    peak_mb: float

    @property
    def us(self) -> float:
        """Microseconds of work per agent."""
        return self.work_s / self.agents * 1e6

    @classmethod
    def of(cls, agents: int, done: Measured, counted: Counted, end_ms: float) -> Work:
        """Put together what the machine, the server and the program itself say."""
        first_s = (counted.first_ms - done.spawned_at_ms) / 1000
        work_s = (end_ms - counted.first_ms) / 1000
        return cls(agents, work_s, first_s, done.cpu_s, done.peak_mb)


@dataclass(frozen=True, slots=True)
class Task:
    """So many agents, so many at once, and what their prompts ask of the server."""

    agents: int
    say: str = ""
    cap: int = CAP


def hocket_by(provider: str, task: Task, server: Standing) -> Callable[[], Work]:
    """Make a run of the real command through the agent loop and one provider."""

    def run() -> Work:
        server.reset()
        with fresh() as project:
            ask(project.env, server)
            if provider == "direct":
                project.install("direct")
            way = Way((*LOOP, f"{provider}/standin"), task.say, task.cap)
            done = project.run(task.agents, way).measured
            closed_ms = Flow.of(project.journal).closed_ms
        counted = server.counted().checked(task.agents, task.cap)
        return Work.of(task.agents, done, counted, closed_ms)

    return run


def floor(name: str, task: Task, server: Standing, *, journal: bool = False) -> Callable[[], Work]:
    """Make a run of a short program that does the same without hocket."""

    def run() -> Work:
        server.reset()
        with fresh() as project:
            kept = [str(project.root / "journal.jsonl")] if journal else []
            words = [server.url, str(task.agents), str(task.cap), task.say, *kept]
            command = [sys.executable, str(FLOORS / f"{name}.py"), *words]
            done = measured(command, project.folder, project.env)
        said = json.loads(done.output)
        counted = server.counted().checked(task.agents, task.cap)
        return Work.of(task.agents, done, counted, said["end_ms"])

    return run


def ask(env: dict[str, str], server: Standing) -> None:
    """Let a command ask the server, and no service that this machine has a key for."""
    for name in [name for name in env if name.startswith(("ANTHROPIC_", "OPENAI_"))]:
        del env[name]
    env |= {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "none"}
