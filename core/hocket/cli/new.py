"""`hocket new`: a bundle to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table
from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.calls import JsonObject

    FilesOf = Callable[[str], Mapping[str, bytes]]

_WHAT = {
    "SKILL.md": "what every host reads",
    "bundle.toml": "the manifest, with what a run may do",
    "rubrics/good-answer.md": "what the judge goes by",
    "tests/README.md": "how to try the script",
    "workflow.py": "the script",
}


@click.command()
@click.argument("name")
@click.option(
    "--dir",
    "into",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the folder NAME is made; else here.",
)
@json_option
def new(name: str, into: Path) -> None:
    """Make a bundle NAME to begin with: it works, and its comments say what to change.

    What exists is never touched.
    """
    from hocket.registry.authoring.bundle_template import bundle_files

    folder = into / name
    files = make_named("new", name, folder, bundle_files)
    told: JsonObject = {"name": name, "folder": str(folder.absolute()), "files": [*files]}

    def human() -> None:
        table(("file", "what it is"), [(str(folder / path), _WHAT[path]) for path in files])
        suggest(
            f"\nTry it:      hocket run {folder / 'workflow.py'} --backend simulate"
            """ --args '{"question": "why?"}'"""
            f"\nCheck it:    hocket pack {folder}"
            f"\nPublish it:  hocket publish {folder} --registry PATH"
        )

    emit("new", told, human)


def make_named(who: str, name: str, folder: Path, files_of: FilesOf) -> tuple[str, ...]:
    """Make a folder with files for a name that a person typed, and give their paths.

    Raises UsageError with the field.
    """
    from hocket.registry.authoring.making import make
    from hocket.registry.forms import names

    try:
        files = files_of(names.name(name))
    except names.Unfit as why:
        raise UsageError(
            who,
            found=f"name: {why}",
            expected="a name such as deep-research",
            hint="Nothing was written.",
        ) from why
    make(who, folder, files)
    return tuple(sorted(files))
