"""`hocket registry refresh`: what registries offer now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject


@click.command()
@click.argument("name", required=False)
@click.option("--accept", metavar="ID", multiple=True, help="Accept changed signers by their id.")
@click.option("--offline", is_flag=True, help="Use no network.")
@json_option
def refresh(name: str | None, accept: tuple[str, ...], *, offline: bool) -> None:
    """Fetch what registry NAME offers now, else all of them.

    A registry that is older than before, changed in secret or signed by others is refused; what
    was fetched before is kept.
    """
    from hocket.cli.registry._known import known, now, warn
    from hocket.registry.known.policy import NONE

    registries = known(offline=offline)
    before = registries.pins
    notes = registries.refresh(name, now(), NONE, accept)
    warn(notes)
    after = {key: pin for key, pin in registries.pins.items() if name in (None, key)}
    told: list[JsonObject] = [
        {"name": key, "from": before[key].serial, "to": pin.serial}
        for key, pin in after.items()
        if key in before
    ]

    def human() -> None:
        if not told:
            suggest("No registries here yet. Add one: hocket registry add URL")
            return
        table(("name", "serial", "now"), [[str(cell) for cell in one.values()] for one in told])

    emit("registry refresh", {"registries": [*told], "notes": [*notes]}, human)
