"""`hocket registry list`: the registries that were agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table

if TYPE_CHECKING:
    from datetime import datetime

    from hocket.api.calls import JsonObject
    from hocket.registry.indexes.pins import Pin
    from hocket.registry.known.registries import Known


@click.command("list")
@json_option
def listed() -> None:
    """List the registries that were added here, and those that settings name; fetch nothing."""
    from hocket.cli.registry._known import now, opened

    market, moment = opened(offline=True), now()
    registries, pins = market.known, market.known.pins
    wanted = market.project.loaded.settings.registries
    missing = {name: url for name, url in wanted.items() if name not in pins}
    rows = [_as_data(registries, pin) for pin in pins.values()]

    def human() -> None:
        if not (rows or missing):
            suggest("No registries here yet, only hocket's own. Add one: hocket registry add URL")
            return
        titles = ("name", "serial", "signed", "fetched", "address")
        told = [_row(registries, pin, moment) for pin in pins.values()]
        told += [(name, "", "", "not added", url) for name, url in missing.items()]
        table(titles, told, right=("serial",))
        for name in missing:
            suggest(
                f"The settings here name it, and it is not used before: hocket registry add {name}"
            )

    named: list[JsonObject] = [{"name": name, "url": url} for name, url in missing.items()]
    emit("registry list", {"registries": [*rows], "not_added": [*named]}, human)


def _as_data(registries: Known, pin: Pin) -> JsonObject:
    from hocket.registry.forms.names import written

    copy = registries.copied(pin.url)
    return {
        "name": pin.name,
        "url": pin.url,
        "serial": pin.serial,
        "signers": pin.signers or None,
        "fetched": written(copy.at) if copy else None,
    }


def _row(registries: Known, pin: Pin, now: datetime) -> tuple[str, ...]:
    from hocket.cli.registry._known import ago

    copy = registries.copied(pin.url)
    fetched = ago(now - copy.at) if copy else "not kept"
    return (pin.name, str(pin.serial), "yes" if pin.signers else "no", fetched, pin.url)
