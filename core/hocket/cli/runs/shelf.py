"""`hocket runs list`: every run of the project, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table

if TYPE_CHECKING:
    from pydantic import JsonValue


@click.command("list")
@json_option
def list_runs() -> None:
    """List the runs of this project."""
    from hocket.launch import shelf
    from hocket.launch.project import Project

    rows = shelf.rows(Project.open(Path.cwd()).store())

    def human() -> None:
        if not rows:
            suggest("No runs here yet. Start one: hocket run SCRIPT")
            return
        table(
            ("run", "name", "state", "started"),
            [(row.run_id, row.name, row.status, _when(row.started_ms)) for row in rows],
        )

    listed: list[JsonValue] = [
        {"run_id": r.run_id, "name": r.name, "status": r.status, "started_ms": r.started_ms}
        for r in rows
    ]
    emit("runs list", {"runs": listed}, human)


def _when(ms: int) -> str:
    if not ms:
        return "unknown"
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
