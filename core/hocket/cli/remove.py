"""`hocket remove`: packages go, and what was edited of them stays."""

from __future__ import annotations

import click

from hocket.cli._market import ChangingCommand, How, change
from hocket.cli._output import json_option


@click.command(cls=ChangingCommand)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--prune", is_flag=True, help="And what nobody needs any more.")
@json_option
def remove(names: tuple[str, ...], how: How, *, prune: bool) -> None:
    """Remove packages. Files that were edited since they came are kept, and named."""
    from hocket.registry.planning.demand import Demand

    change(Demand(command="remove", specs=names, prune=prune, accepted=how.accept), how)
