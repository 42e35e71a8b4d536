"""`hocket verify`: whether what is installed is what was agreed to, for people and for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._market import LookingCommand, market
from hocket.cli._output import emit, json_option, table
from hocket.errors import PackageRefused

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.launch.verifying import Verified


@click.command(cls=LookingCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--frozen", is_flag=True, help="Read no index: signatures are not looked at.")
@json_option
def verify(names: tuple[str, ...], *, frozen: bool, user: bool | None, offline: bool) -> None:
    """Compare installed files, store, receipts, lock and signatures; exit 3 where they differ."""
    from hocket.launch.verifying import verified

    opened = market(user=user, offline=offline)
    found = verified(opened, names, frozen=frozen)
    broken = [one for one in found if one.problems]
    told: list[JsonObject] = [_as_data(one) for one in found]
    problems = [f"{one.key}: {text}" for one in broken for text in one.problems]
    hint = "Restore it: hocket install --frozen. What you edited is kept beside."
    failure = PackageRefused("verify", problems, "digest", hint) if problems else None
    rows = [(one.key, one.version, "failed" if one.problems else "ok", one.note) for one in found]
    emit(
        "verify",
        {"scope": opened.scope.name, "packages": [*told]},
        lambda: table(("package", "version", "state", "note"), rows),
        failure=failure,
    )


def _as_data(one: Verified) -> JsonObject:
    return {
        "package": one.key,
        "version": one.version,
        "ok": not one.problems,
        "problems": [*one.problems],
        "note": one.note or None,
    }
