"""`hocket report`: what runs came to, one command per file."""

from __future__ import annotations

import click

from hocket.cli.report.routers import routers

__all__ = ["report"]


@click.group(no_args_is_help=True)
def report() -> None:
    """Report what runs came to."""


report.add_command(routers)
