"""`hocket list`: the workflows and bundles that are here, and which of them a name means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.calls import JsonObject
    from hocket.launch.listing import Row
    from hocket.launch.project import Project
    from hocket.registry.receipts.receipt import Receipt


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that come with hocket as well.")
@json_option
def list_(*, everything: bool) -> None:
    """List the workflows and bundles here: scope, version, and what is wrong with them.

    What another one shadows is listed with the form that still works.
    """
    from hocket.launch import listing
    from hocket.launch.project import Project

    project = Project.open(Path.cwd())
    found = listing.rows(project)
    shown = [row for row in found if everything or row.command.scope != "bundled" or _odd(row)]
    yanked, others = _yanked(project), listing.others(project, found)
    told: JsonObject = {
        "commands": [as_json(row, yanked) for row in shown],
        "packages": [
            {"package": one.name, "scope": scope, "version": str(one.version)}
            for scope, one in others
        ],
    }
    emit("list", told, lambda: _show(shown, len(found), yanked, others))


def _yanked(project: Project) -> Mapping[str, str]:
    """Say which versions their registries took back, as far as it is known without asking them."""
    from hocket.cli.registry._known import now
    from hocket.launch.market import Asked, Market

    moment = now()
    known = Market.open(project, Asked(offline=True), moment).known
    if not known.pins:
        return {}
    return {
        f"{name}/{row}": row.yanked
        for name, index in known.opened(moment, lenient=True).indexes.items()
        for package in index.packages.values()
        for row in package.rows
        if row.yanked is not None
    }


def _key(row: Row) -> str:
    return f"{row.registry}/{row.command.bundle} {row.version}"


def _odd(row: Row) -> bool:
    return bool(row.shadowed_by or row.state)


def as_json(row: Row, yanked: Mapping[str, str]) -> JsonObject:
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
        "yanked": yanked.get(_key(row)),
        "why": row.why or None,
        "argument_hint": row.hint or None,
        "description": row.told or None,
    }


def _show(
    shown: list[Row], total: int, yanked: Mapping[str, str], others: list[tuple[str, Receipt]]
) -> None:
    if shown or others:
        titles = ("command", "scope", "version", "from", "note")
        more_rows = [("-", s, str(r.version), r.name, "adds no command") for s, r in others]
        table(titles, [*(_cells(row, yanked) for row in shown), *more_rows])
    else:
        write("Nothing of yours is here.")
    more = total - len(shown)
    suggest(
        f"{more} more come with hocket: hocket list --all" if more else "What they do: hocket /"
    )


def _cells(row: Row, yanked: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    notes = [f"shadowed by {row.shadowed_by}" if row.shadowed_by else "", row.state]
    notes += [f"yanked: {yanked[_key(row)]}"] if _key(row) in yanked else []
    told = "; ".join(note for note in notes if note)
    return (
        row.form,
        row.command.scope,
        row.version or "-",
        row.registry or "-",
        f"{told}: {row.why}" if row.why else told,
    )
