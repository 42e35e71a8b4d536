"""`hocket pack`: checks a bundle as strictly as strangers will, and writes it as a zip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, on_terminal, suggest, tell, write
from hocket.errors import HocketError, UsageError

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.registry.authoring.packing import Packed
    from hocket.registry.bundles.inspection import Inspect

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OWN_WORDS = frozenset({"help", "json"})


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option(
    "-o",
    "--output",
    "output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the bundle as a zip, the same bytes wherever it is packed.",
)
@json_option
def pack(folder: Path, output: Path | None) -> None:
    """Check the bundle in DIR as strictly as an installation does, and say what it is.

    Everything that is wrong is told at once. Nothing of the bundle is run.
    """
    from hocket.registry.authoring.packing import pack as packing

    made = packing(folder, inspect_here())
    if output is not None and output.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            "pack",
            found=f"{output} lies in the bundle",
            expected="a file outside: else the next one would be packed with it",
            hint="Nothing was written.",
        )
    if output is not None:
        _write(output, made)
    told = {**as_data(made), "file": None if output is None else str(output)}
    emit("pack", told, lambda: _human(made, folder, output))


def inspect_here() -> Inspect:
    """Make the look into scripts with the script hosts that are on here."""
    from dataclasses import fields

    from hocket.cli._options import RunOptions
    from hocket.cli.plugins import installed
    from hocket.launch.inspecting import inspector

    options = (field.name.replace("_", "-") for field in fields(RunOptions))
    return inspector(installed(), {*options, *_OWN_WORDS})


def as_data(made: Packed) -> JsonObject:
    """Say what a bundle is, for programs."""
    return {
        "name": made.manifest.name,
        "version": str(made.manifest.version),
        "digest": made.digest,
        "capabilities": made.capabilities,
        "size": made.size,
        "files": made.files,
        "commands": [f"/{command.name}" for command in made.manifest.commands],
        "warnings": [*made.warnings],
    }


def _human(made: Packed, folder: Path, output: Path | None) -> None:
    for warning in made.warnings:
        tell(f"hocket: {made.manifest.name}: warning: {warning}")
    manifest = made.manifest
    rows = [
        ("bundle", f"{manifest.name} {manifest.version}"),
        ("digest", made.digest),
        ("capabilities", made.capabilities),
        ("size", f"{made.size:,} bytes in {made.files} files"),
        ("commands", " ".join(f"/{one.name}" for one in manifest.commands) or "none"),
        *([("file", str(output))] if output else []),
    ]
    for key, value in rows:
        # No table: it would break a digest over two lines.
        write(f"{key:<14}{value}" if on_terminal() else f"{key}\t{value}")
    suggest(f"\nPublish it: hocket publish {folder} --registry PATH")


def _write(output: Path, made: Packed) -> None:
    from hocket.registry.authoring.writing import replace
    from hocket.registry.authoring.zipping import zipped

    try:
        replace(output, zipped(made.manifest.name, made.tree))
    except OSError as cause:
        raise HocketError(
            "pack",
            found=f"{output} cannot be written ({cause.strerror})",
            expected="a file in a folder that exists",
            hint="Nothing was written.",
        ) from cause
