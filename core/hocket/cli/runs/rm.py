"""`hocket runs rm`: delete runs that nobody holds."""

from __future__ import annotations

from pathlib import Path

import click

from hocket.cli._output import emit, json_option, write


@click.command()
@click.argument("run_ids", metavar="RUN…", nargs=-1, required=True)
@json_option
def rm(run_ids: tuple[str, ...]) -> None:
    """Delete RUN with everything in its folder; a live run is refused."""
    from hocket.launch.project import Project
    from hocket.launch.reopen import header

    store = Project.open(Path.cwd()).store()
    for run_id in run_ids:
        header(store, run_id)
    for run_id in run_ids:
        store.remove(run_id)
    emit("runs rm", {"removed": [*run_ids]}, lambda: write(f"removed {', '.join(run_ids)}"))
