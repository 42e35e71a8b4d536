"""`hocket run`: check a script, show its card, run it, and say how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._options import GatheringCommand
from hocket.cli._output import json_option

if TYPE_CHECKING:
    from hocket.cli._options import RunOptions


@click.command("run", cls=GatheringCommand)
@click.argument("script", required=False)
@click.argument("words", nargs=-1)
@click.option("--resume", "resume_id", metavar="RUN", help="Go on with this run instead.")
@json_option
def run(
    script: str | None, words: tuple[str, ...], resume_id: str | None, options: RunOptions
) -> None:
    """Run SCRIPT: a file, or the name of a saved command with WORDS as its argument."""
    from hocket.cli._running import resume, start
    from hocket.launch.reopen import Changes

    if resume_id is not None and words:
        raise click.UsageError("with --resume, arguments are given by --args")
    if resume_id is not None:
        resume(resume_id, Changes(script, options.args), options)
    elif script is None:
        raise click.UsageError("Missing argument 'SCRIPT'.")
    else:
        start(script, " ".join(words) if words else None, options)
