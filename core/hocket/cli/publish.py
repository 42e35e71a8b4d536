"""`hocket publish`: puts a bundle into a registry, for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, tell, write
from hocket.cli.pack import as_data, inspect_here

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.registry.authoring.packing import Packed
    from hocket.registry.authoring.publishing import Published

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option(
    "--registry",
    "root",
    metavar="PATH",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder of the registry.",
)
@click.option(
    "--sign", "key", metavar="KEY", type=_FILE, help="Sign with this SSH key of a signer."
)
@click.option("--branch", metavar="B", default="", help="Commit on this branch, not the current.")
@click.option("--dry-run", "dry", is_flag=True, help="Check everything, and write nothing.")
@json_option
def publish(folder: Path, root: Path, key: Path | None, branch: str, *, dry: bool) -> None:
    """Put the bundle in DIR into a registry: its files, a row for its version, a commit.

    A version never changes once it is published. Nothing is pushed.
    """
    from hocket.registry.authoring.grounds import opened
    from hocket.registry.authoring.packing import pack
    from hocket.registry.authoring.publishing import publish as publishing

    made = pack(folder, inspect_here())
    with opened(root, branch) as ground:
        done = publishing(made, ground, datetime.now(UTC), key, dry=dry)
    emit("publish", _as_data(made, done, dry=dry), lambda: _human(made, done, root, dry=dry))


def _as_data(made: Packed, done: Published, *, dry: bool) -> JsonObject:
    signers = [one.signer for one in done.row.signatures]
    return {
        **as_data(made),
        "warnings": [*made.warnings, *done.warnings],
        "registry": done.registry,
        "serial": done.serial,
        "state": ("would be added" if dry else "added") if done.is_new else "was there",
        "signer": signers[0] if signers else None,
        "written": [*done.files],
        "commit": done.commit or None,
    }


def _human(made: Packed, done: Published, root: Path, *, dry: bool) -> None:
    who = f"{done.registry}/{done.row}"
    for warning in (*made.warnings, *done.warnings):
        tell(f"hocket: {who}: warning: {warning}")
    if not done.is_new:
        write(f"{who} was published before, as it is")
        write(made.digest)
        return
    write(f"{who} {'would be published' if dry else 'published'}, serial {done.serial}")
    write(made.digest)
    if done.row.signatures:
        write(f"signed by {done.row.signatures[0].signer}")
    if done.commit:
        write(f"commit {done.commit}")
        suggest(f"\nNothing was pushed. When it is right: git -C {root} push")
