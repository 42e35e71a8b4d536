"""`hocket runs`: the runs of a project, one command per file."""

from __future__ import annotations

import click

from hocket.cli.resume import resume
from hocket.cli.runs.explain import explain
from hocket.cli.runs.rm import rm
from hocket.cli.runs.shelf import list_runs
from hocket.cli.runs.show import show
from hocket.cli.runs.wishes import answer, go_on, pause, restart, skip, stop

__all__ = ["runs"]


@click.group(no_args_is_help=True)
def runs() -> None:
    """List runs, look into them, steer live ones, delete old ones."""


for command in (list_runs, show, resume, explain, rm):
    runs.add_command(command)
for wish in (stop, pause, go_on, skip, restart, answer):
    runs.add_command(wish)
