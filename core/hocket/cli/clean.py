"""`hocket clean`: take away what dead runs left, and keep what was changed there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from hocket.cli._output import emit, json_option, suggest, write
from hocket.cli._text import inert


@click.command()
@json_option
def clean() -> None:
    """End processes and bring home trees that dead runs of this project left.

    What was changed in a tree is kept with its run, and on its branch. Trees of living runs,
    and everything that is not hocket's own, stay as they are.
    """
    from hocket.launch import leftovers
    from hocket.launch.project import Project

    found = asyncio.run(leftovers.clean(Project.open(Path.cwd())))

    def human() -> None:
        for note in found.notes:
            write(inert(note))
        if not found.notes:
            suggest("There is nothing to clean up.")

    emit("clean", found.as_json(), human)
