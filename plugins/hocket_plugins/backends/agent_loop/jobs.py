"""Tool uses that can run, and which of them must wait for each other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.tools import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hocket.api.calls import JsonObject
    from hocket.api.messages import ToolUse
    from hocket.api.tools import Tool

PATHS = ("file_path", "path", "notebook_path")
"""Arguments that name the file a tool works on."""


@dataclass(frozen=True, slots=True)
class Job:
    """A use with its tool and its input."""

    use: ToolUse
    tool: Tool
    arguments: JsonObject
    note: str = ""
    """For the model, at the end of the result."""

    @property
    def writes(self) -> bool:
        """Whether it changes files."""
        return Effect.WRITE_WORKSPACE in self.tool.effects


def rows(jobs: Sequence[Job], workspace: Path) -> list[list[Job]]:
    """Part jobs into rows that may run side by side: a file that is written has one row."""
    if len(jobs) == 1:
        return [[*jobs]]
    by_file: dict[str, list[Job]] = {}
    for number, job in enumerate(jobs):
        by_file.setdefault(_file(job, workspace) or f"#{number}", []).append(job)
    lines: list[list[Job]] = []
    for shared in by_file.values():
        if any(job.writes for job in shared):
            lines.append(shared)
        else:
            lines.extend([job] for job in shared)
    return lines


def _file(job: Job, workspace: Path) -> str:
    given = next((job.arguments[name] for name in PATHS if name in job.arguments), None)
    if not isinstance(given, str):
        return ""
    return os.path.normpath(os.path.join(workspace, given))  # noqa: PTH118  no file is looked at
