"""`hocket plugins new`: a plugin package to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, write

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject


@click.command()
@click.argument("name")
@click.option(
    "--dir",
    "into",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the folder hocket-NAME is made; else here.",
)
@json_option
def new(name: str, into: Path) -> None:
    """Make a plugin package with one pattern NAME, its test, and what installs it.

    A plugin is Python code that runs with all your rights. What exists is never touched.
    """
    from hocket.cli.new import make_named
    from hocket.registry.authoring.plugin_template import plugin_files

    folder = into / f"hocket-{name}"
    files = make_named("plugins new", name, folder, plugin_files)

    def human() -> None:
        for path in files:
            write(str(folder / path))
        suggest(
            f"\nInstall it:  pip install -e '{folder}[test]'"
            f"\nTest it:     pytest {folder}"
            f"\nLook at it:  hocket plugins show {name.replace('-', '_')}"
        )

    told: JsonObject = {"name": name, "folder": str(folder.absolute()), "files": [*files]}
    emit("plugins new", told, human)
