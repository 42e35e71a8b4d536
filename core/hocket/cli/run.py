"""`hocket run`: check a script, show its card, run it, and say how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._options import GatheringCommand
from hocket.cli._output import json_option, write

if TYPE_CHECKING:
    from hocket.cli._options import RunOptions

_AFTER = "hocket.after"
"""How many words stood behind `--`."""


class _Run(GatheringCommand):
    """What it does not know may be a flag of the script, which says so once it is read."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember what stood behind `--`: those words are no flags."""
        ctx.meta[_AFTER] = len(args) - args.index("--") - 1 if "--" in args else 0
        return super().parse_args(ctx, args)


@click.command(
    "run", cls=_Run, add_help_option=False, context_settings={"ignore_unknown_options": True}
)
@click.argument("script", required=False)
@click.argument("words", nargs=-1)
@click.option("--resume", "resume_id", metavar="RUN", help="Go on with this run instead.")
@click.option("-h", "--help", "asks", is_flag=True, help="Show this; after SCRIPT, what it takes.")
@json_option
@click.pass_context
def run(
    context: click.Context,
    script: str | None,
    words: tuple[str, ...],
    resume_id: str | None,
    options: RunOptions,
    *,
    asks: bool,
) -> None:
    """Run SCRIPT: a file, or the name of a saved command.

    WORDS are its argument; what it declares it also takes as flags: hocket run NAME --help
    """
    if asks and script is None:
        write(context.get_help())
    elif asks:
        from hocket.cli import _manual

        _manual.show(str(script), options)
    elif resume_id is not None:
        _resume(resume_id, script, words, options)
    elif script is None:
        raise click.UsageError("Missing argument 'SCRIPT'.")
    else:
        _start(script, words, context.meta[_AFTER], options)


def _start(script: str, words: tuple[str, ...], after: int, options: RunOptions) -> None:
    from hocket.cli._running import start_as
    from hocket.launch.typed import Line

    at = max(0, len(words) - after)
    line = Line(script, options.args, words[:at], words[at:])
    start_as("run", line.prepare, options)


def _resume(run_id: str, script: str | None, words: tuple[str, ...], options: RunOptions) -> None:
    if words:
        raise click.UsageError("with --resume, arguments are given by --args")
    from hocket.cli._running import resume
    from hocket.launch.reopen import Changes

    resume(run_id, Changes(script, options.args), options)
