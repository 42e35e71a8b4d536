"""`hocket registry remove`: a registry is forgotten, what it showed is not."""

from __future__ import annotations

from pathlib import Path

import click

from hocket import paths
from hocket.cli._output import emit, json_option, write


@click.command()
@click.argument("name")
@json_option
def remove(name: str) -> None:
    """Forget registry NAME; refused while a lock here still needs it."""
    from hocket.cli.registry._known import known

    pin = known(offline=True).remove(name, needed_by=_needed_by(name))
    emit(
        "registry remove",
        {"removed": pin.name, "url": pin.url},
        lambda: write(f"removed {pin.name}"),
    )


def _needed_by(name: str) -> list[str]:
    """List the packages of a registry that a lock names: this project's, and the person's own."""
    from hocket.registry.locks.lock import FILE
    from hocket.registry.locks.reading import read

    found: list[str] = []
    for folder in (paths.project_root(Path.cwd()), paths.user_data()):
        lock = folder / FILE
        if lock.is_file():
            locked = read(lock.read_bytes(), str(FILE)).packages
            found += [one.name for one in locked if one.name.startswith(f"{name}/")]
    return [*dict.fromkeys(found)]
