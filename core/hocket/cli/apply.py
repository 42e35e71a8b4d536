"""`hocket apply`: put what isolated calls changed into the tree one works in."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.launch.applying import Application, Patch


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("calls", metavar="[CALL…]", nargs=-1, type=int)
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing; say what would happen.")
@json_option
def apply(run_id: str, calls: tuple[int, ...], *, dry: bool) -> None:
    """Put the changes of RUN into this tree: of each CALL named, else of all that ended well.

    In a repository they are merged and staged, nothing is committed. It stops at the first
    conflict. What is there already is passed over.
    """
    from hocket.launch import applying
    from hocket.launch.project import Project
    from hocket.launch.shelf import require

    project = Project.open(Path.cwd())
    require(project.store(), run_id)
    wanted = applying.patches(project.store(), run_id, calls)
    done = asyncio.run(applying.apply(project, run_id, wanted, dry=dry))
    told: list[JsonValue] = [one.as_json() for one in done.patches]
    data: dict[str, JsonValue] = {"run_id": run_id, "dry_run": dry, "patches": told}
    emit("apply", data, lambda: _print(done), failure=done.failure)


def _print(done: Application) -> None:
    if not done.patches:
        suggest("There is nothing to apply: no isolated call of this run changed anything.")
        return
    titles = ("state", "call", "label", "files", "+", "-")
    table(titles, [_row(one) for one in done.patches], right=("call", "files", "+", "-"))


def _row(one: Patch) -> list[str]:
    counts = [str(one.changes.get(name)) for name in ("files", "insertions", "deletions")]
    return [one.state, str(one.call), one.label, *counts]
