"""`hocket runs rm`: delete runs that nobody holds."""

from __future__ import annotations

from pathlib import Path

import click

from hocket.cli._output import emit, json_option, write
from hocket.errors import RunHeld


@click.command()
@click.argument("run_ids", metavar="RUN…", nargs=-1, required=True)
@json_option
def rm(run_ids: tuple[str, ...]) -> None:
    """Delete RUN with everything in its folder; a live run is refused."""
    from hocket.launch.project import Project
    from hocket.launch.shelf import require

    store = Project.open(Path.cwd()).store()
    wanted = [*dict.fromkeys(run_ids)]
    for run_id in wanted:
        require(store, run_id)
        holder = store.holder(run_id)
        if holder is not None:
            raise RunHeld(
                f"run {run_id}",
                found=f"pid {holder.pid} on {holder.host} lives it",
                expected="a run that nobody holds",
                hint=f"Nothing was deleted. Stop it first: hocket runs stop {run_id}",
            )
    for run_id in wanted:
        store.remove(run_id)
    emit("runs rm", {"removed": [*wanted]}, lambda: write(f"removed {', '.join(wanted)}"))
