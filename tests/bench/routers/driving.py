"""Drives a real router through hocket's engine, and reads from the journal what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from voices import backend

from hocket.launch.project import Project
from hocket.launch.routing import compare, courses, shares
from hocket.testing import Stage, run_script

if TYPE_CHECKING:
    from pathlib import Path

    from voices import Errors

    from hocket.launch.routing import Comparison, Labels, Shares

SCRIPT = '''"""Ask every query, in slices of at most 2,000."""
from hocket.script import agent, args, parallel

meta = {"name": "queries"}


async def main():
    for first in range(0, len(args), 2000):
        await parallel([lambda q=q: agent(q, tools=[]) for q in args[first : first + 2000]])
'''
Section = dict[str, "str | bool"]


def drive(
    project: Path, labels: Labels, router: str, section: Section, errors: Errors
) -> tuple[Comparison, Shares]:
    """Ask all queries under a router; gives its worth beside BestSingle and Oracle."""
    _configure(project, router, section)
    stage = Stage(flags={"max_agents": 3 * len(labels), "concurrency": 16})
    outcome = run_script(
        SCRIPT, backend(labels, errors), project=project, args=[*labels], stage=stage
    )
    taken = courses(Project.open(project).store(), outcome.run_id)
    compared = compare(taken, labels)
    if outcome.status != "completed" or compared is None or compared.calls != len(labels):
        raise RuntimeError(f"{router}: {outcome.status} {outcome.cause}: {outcome.census}")
    return compared, shares(taken)


def _configure(project: Path, router: str, section: Section) -> None:
    lines = [f"{name} = {json.dumps(value)}" for name, value in section.items()]
    text = "\n".join([f'router = "{router}"', f"[router_{router}]", *lines, ""])
    (project / ".hocket").mkdir(parents=True, exist_ok=True)
    (project / ".hocket" / "config.toml").write_text(text, "utf-8")
