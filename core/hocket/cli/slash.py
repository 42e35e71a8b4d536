"""`hocket /`: all slash commands, what each takes and what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, tell, write

if TYPE_CHECKING:
    from hocket.launch.listing import Row


@click.command("/")
@json_option
def slash() -> None:
    """List all slash commands with what they take."""
    from hocket.cli.list import as_json
    from hocket.launch import listing
    from hocket.launch.project import Project

    found = listing.rows(Project.open(Path.cwd()))
    usable = [row for row in found if row.form.startswith("/") and not row.state]
    broken = [row for row in found if row.state]
    emit("/", {"commands": [as_json(row, {}) for row in usable]}, lambda: _show(usable, broken))


def _show(usable: list[Row], broken: list[Row]) -> None:
    if usable:
        table(("command", "takes", "what it does"), [_cells(row) for row in usable])
    else:
        write("There are no slash commands here.")
    for row in broken:
        tell(f"hocket: {row.form} is {row.state}: {row.why}")
    suggest("More about one: hocket /NAME --help. Where they come from: hocket list --all")


def _cells(row: Row) -> tuple[str, str, str]:
    return row.form, row.hint, row.told
