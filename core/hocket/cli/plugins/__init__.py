"""`hocket plugins`: what is installed, and a package to begin with."""

from __future__ import annotations

import click

from hocket.cli.plugins.looking import installed, listed, show
from hocket.cli.plugins.new import new

__all__ = ["installed", "plugins"]


@click.group(no_args_is_help=True)
def plugins() -> None:
    """List the installed plugins, look into one."""


for command in (listed, show, new):
    plugins.add_command(command)
