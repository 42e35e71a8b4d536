"""`hocket registry init`: a registry of one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, tell
from hocket.errors import UsageError

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject

_WHAT = {
    "README.md": "for who finds it",
    "registry.toml": "the index: hocket publish and hocket yank keep it",
}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", required=True, help="What others call it.")
@json_option
def init(folder: Path, name: str) -> None:
    """Make a registry in DIR, a new or empty folder; where there is git, a repository.

    What exists is never touched.
    """
    from hocket.registry.authoring.opening import open_registry
    from hocket.registry.forms import names

    try:
        made = open_registry(folder, names.name(name), datetime.now(UTC))
    except names.Unfit as why:
        raise UsageError(
            "registry init", found=f"--name: {why}", expected="a name such as acme-patterns"
        ) from why

    def human() -> None:
        table(("file", "what it is"), [(str(folder / path), _WHAT[path]) for path in made.files])
        if made.note:
            tell(f"hocket: registry {name}: {made.note}")
        suggest(f"\nPublish into it: hocket publish DIR --registry {folder}")

    told: JsonObject = {"name": name, "folder": str(folder.absolute()), "files": [*made.files]}
    emit("registry init", {**told, "commit": made.commit or None, "note": made.note}, human)
