"""`hocket outdated`: what of the installed is no longer the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._market import LookingCommand, market
from hocket.cli._output import emit, json_option, suggest, table, tell

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.registry.planning.outdated import Outdated


@click.command(cls=LookingCommand)
@json_option
def outdated(*, user: bool | None, offline: bool) -> None:
    """List packages with a newer version, or that were yanked, renamed or withdrawn."""
    from hocket.registry.planning import lockfile
    from hocket.registry.planning.outdated import outdated as find

    opened = market(user=user, offline=offline)
    before = lockfile.read(opened.scope.lock)
    rules = opened.rules()
    for note in opened.told:
        tell(f"hocket: {note}")
    found = [one for one in find(before.lock, opened.opened.shelf, rules) if not one.is_current]
    rows: list[JsonObject] = [_as_data(one) for one in found]

    def human() -> None:
        if not found:
            suggest("Everything is current.")
            return
        table(("package", "installed", "wanted", "latest", "note"), [_row(one) for one in found])
        suggest("\nBring them in: hocket update")

    emit("outdated", {"scope": opened.scope.name, "packages": [*rows]}, human)


def _row(one: Outdated) -> tuple[str, str, str, str, str]:
    return (one.key, str(one.version), _or_none(one.wanted), _or_none(one.latest), _note(one))


def _note(one: Outdated) -> str:
    told = [f"yanked: {one.yanked}" if one.yanked is not None else ""]
    told += [f"held: {one.held}" if one.held else ""]
    told += [f"now called {one.renamed}" if one.renamed else ""]
    told += ["withdrawn" if one.is_withdrawn else ""]
    return "; ".join(filter(None, told))


def _or_none(version: object) -> str:
    return str(version) if version else "-"


def _as_data(one: Outdated) -> JsonObject:
    return {
        "package": one.key,
        "installed": str(one.version),
        "wanted": str(one.wanted) if one.wanted else None,
        "latest": str(one.latest) if one.latest else None,
        "held": one.held or None,
        "yanked": one.yanked,
        "renamed": one.renamed or None,
        "withdrawn": one.is_withdrawn,
    }
