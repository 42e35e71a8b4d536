"""`hocket export`: other agents get the same commands, other marketplaces a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._market import ChangingCommand, How, change
from hocket.cli._output import emit, json_option, table
from hocket.errors import HocketError

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject

_TARGETS = "agents,claude,claude-workflow"
_HERE = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command(cls=ChangingCommand)
@click.argument("name", required=False)
@click.option("--to", "targets", metavar=_TARGETS, default="", help="The agents it is for.")
@click.option(
    "--catalog",
    type=click.Choice(["claude", "codex", "well-known"]),
    help="Write a catalogue of a registry instead.",
)
@click.option("--registry", type=_HERE, help="The folder of the registry; by default this one.")
@json_option
def export(
    name: str | None, targets: str, catalog: str | None, registry: Path | None, how: How
) -> None:
    """Put the installed bundle NAME where other agents look for skills, or write a catalogue.

    Folders that hocket did not make are never touched, and `hocket remove` takes them away again.
    """
    if catalog and name:
        raise click.UsageError("--catalog is about a registry, not about NAME.")
    if catalog:
        _catalogue(catalog, registry or Path.cwd())
        return
    if not name or not targets:
        raise click.UsageError("NAME and --to are needed, or --catalog.")
    from hocket.registry.planning.demand import Demand

    wanted = tuple(filter(None, targets.split(",")))
    demand = Demand(
        command="export", specs=(name,), offline=how.offline, exports=wanted, accepted=how.accept
    )
    change(demand, how)


def _catalogue(kind: str, folder: Path) -> None:
    from hocket.launch.catalogues import catalogue

    files = catalogue(kind, folder)
    states = {path: _written(folder / path, content) for path, content in files.items()}
    told: list[JsonObject] = [{"path": path, "state": state} for path, state in states.items()]
    rows = [(state, path) for path, state in states.items()]
    emit("export", {"catalog": kind, "files": [*told]}, lambda: table(("state", "file"), rows))


def _written(path: Path, content: bytes) -> str:
    """Write one file, and say `made`, or `kept` where it is so already."""
    try:
        if path.is_file() and path.read_bytes() == content:
            return "kept"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as cause:
        raise HocketError("export", found=f"{path.name}: {cause.strerror}") from cause
    return "made"
