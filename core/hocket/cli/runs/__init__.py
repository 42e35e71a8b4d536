"""`hocket runs`: the runs of a project, one command per file."""

from __future__ import annotations

import click

from hocket.cli.runs.explain import explain
from hocket.cli.runs.rm import rm
from hocket.cli.runs.shelf import list_runs
from hocket.cli.runs.show import show
from hocket.cli.runs.wishes import answer, go_on, pause, skip, stop

__all__ = ["runs"]


@click.group()
def runs() -> None:
    """List runs, look into them, steer live ones, delete old ones."""


for command in (list_runs, show, explain, rm, stop, pause, go_on, skip, answer):
    runs.add_command(command)


@runs.command("resume", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def resume(context: click.Context, words: tuple[str, ...]) -> None:
    """Go on with a run; the same as `hocket resume`."""
    from hocket.cli.resume import resume as go_on_with

    with go_on_with.make_context("hocket resume", list(words), parent=context) as inner:
        go_on_with.invoke(inner)
