"""`hocket yank`: withdraws a version; who has it keeps it, and nobody gets it anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, write
from hocket.errors import UsageError

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.registry.authoring.withdrawing import Wish


@click.command()
@click.argument("what", metavar="NAME@VERSION")
@click.option("--reason", metavar="TEXT", required=True, help="What is wrong with it, in a line.")
@click.option(
    "--registry",
    "root",
    metavar="PATH",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder of the registry.",
)
@click.option(
    "--sign",
    "key",
    metavar="KEY",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Sign the index with this SSH key of a signer.",
)
@click.option("--branch", metavar="B", default="", help="Commit on this branch, not the current.")
@json_option
def yank(what: str, reason: str, root: Path, key: Path | None, branch: str) -> None:
    """Withdraw a version: one line in its row, and a commit. Nothing is pushed."""
    from hocket.registry.authoring.grounds import opened
    from hocket.registry.authoring.withdrawing import yank as yanking

    wish = _wish(what, reason)
    with opened(root, branch) as ground:
        done = yanking(wish, ground, datetime.now(UTC), key)
    who = f"{done.registry}/{done.row}"

    def human() -> None:
        if not done.files:
            write(f"{who} was yanked before, for that reason")
            return
        write(f"{who} yanked, serial {done.serial}")
        if done.commit:
            write(f"commit {done.commit}")
            suggest(f"\nNothing was pushed. When it is right: git -C {root} push")

    told: JsonObject = {
        "package": f"{done.registry}/{done.row.name}",
        "version": str(done.row.version),
        "reason": done.row.yanked,
        "serial": done.serial,
        "state": "yanked" if done.files else "was there",
        "commit": done.commit or None,
    }
    emit("yank", told, human)


def _wish(what: str, reason: str) -> Wish:
    from hocket.registry.authoring.withdrawing import Wish
    from hocket.registry.forms import names

    name, _, version = what.partition("@")
    try:
        return Wish(names.name(name), names.version(version), reason)
    except names.Unfit as why:
        raise UsageError(
            "yank", found=str(why), expected="NAME@VERSION, as in deep-research@1.4.0"
        ) from why
