"""`hocket install`: packages come in, checked and agreed to, or not at all."""

from __future__ import annotations

import click

from hocket.cli._market import ChangingCommand, How, change
from hocket.cli._output import json_option

_EXPORTS = "agents,claude,claude-workflow"


@click.command(cls=ChangingCommand)
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option(
    "--frozen", "mode", flag_value="frozen", help="Exactly what hocket.lock says; read no index."
)
@click.option("--locked", "mode", flag_value="locked", help="Fail if hocket.lock would change.")
@click.option("--as", "name", metavar="NAME", default="", help="Its name among the workflows.")
@click.option("--pre", is_flag=True, help="Pre-releases count.")
@click.option("--export", metavar=_EXPORTS, default="", help="Offer it to other agents as well.")
@json_option
def install(
    specs: tuple[str, ...], mode: str | None, name: str, export: str, how: How, *, pre: bool
) -> None:
    """Install packages: SPEC is NAME, REGISTRY/NAME, either with @RANGE, or where one lies.

    That is ./folder, git+https://…@REV#subdir or https://….zip#sha256=…. Without SPEC what
    hocket.lock names is installed. The plan is shown, with all that the packages may do.
    """
    from hocket.registry.planning.demand import Demand, Mode

    demand = Demand(
        command="install",
        specs=specs,
        mode=Mode(mode or "normal"),
        offline=how.offline,
        pre=pre,
        as_name=name,
        exports=tuple(filter(None, export.split(","))),
        accepted=how.accept,
    )
    change(demand, how)
