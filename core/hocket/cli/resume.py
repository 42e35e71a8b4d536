"""`hocket resume`: go on with a run that left, was stopped or killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._options import GatheringCommand
from hocket.cli._output import json_option

if TYPE_CHECKING:
    from hocket.cli._options import RunOptions


@click.command("resume", cls=GatheringCommand)
@click.argument("run_id", metavar="RUN")
@click.option("--script", metavar="FILE", help="An edited script; unchanged calls replay.")
@click.option("--salvage", is_flag=True, help="Go on although the journal is damaged.")
@click.option("--steal", is_flag=True, help="Take the run from a holder that does not answer.")
@json_option
def resume(
    run_id: str, script: str | None, options: RunOptions, *, salvage: bool, steal: bool
) -> None:
    """Go on with RUN: committed results are replayed, the rest runs."""
    from hocket.cli._running import resume as go_on
    from hocket.launch.reopen import Changes

    go_on(run_id, Changes(script, options.args, salvage, steal), options)
