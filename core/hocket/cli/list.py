"""`hocket list`: the workflows and bundles that are here, and which of them a name means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, write

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.launch.listing import Row


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that come with hocket as well.")
@json_option
def list_(*, everything: bool) -> None:
    """List the workflows and bundles here: scope, version, and what is wrong with them.

    What another one shadows is listed with the form that still works.
    """
    from hocket.launch import listing
    from hocket.launch.project import Project

    found = listing.rows(Project.open(Path.cwd()))
    shown = [row for row in found if everything or row.command.scope != "bundled" or _odd(row)]
    emit("list", {"commands": [as_json(row) for row in shown]}, lambda: _show(shown, len(found)))


def _odd(row: Row) -> bool:
    return bool(row.shadowed_by or row.state)


def as_json(row: Row) -> JsonObject:
    """Give a row of the list as others read it."""
    command = row.command
    return {
        "form": row.form,
        "name": command.name,
        "bundle": command.bundle or None,
        "registry": row.registry or None,
        "scope": command.scope,
        "version": row.version or None,
        "path": str(command.path),
        "shadowed_by": row.shadowed_by or None,
        "state": row.state or "ok",
        "modified": row.state == "modified",
        "yanked": None,
        "why": row.why or None,
        "argument_hint": row.hint or None,
        "description": row.told or None,
    }


def _show(shown: list[Row], total: int) -> None:
    if shown:
        titles = ("command", "scope", "version", "from", "note")
        table(titles, [_cells(row) for row in shown])
    else:
        write("Nothing of yours is here.")
    more = total - len(shown)
    suggest(
        f"{more} more come with hocket: hocket list --all" if more else "What they do: hocket /"
    )


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    notes = [f"shadowed by {row.shadowed_by}" if row.shadowed_by else "", row.state]
    told = "; ".join(note for note in notes if note)
    return (
        row.form,
        row.command.scope,
        row.version or "-",
        row.registry or "-",
        f"{told}: {row.why}" if row.why else told,
    )
