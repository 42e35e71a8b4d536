"""The commands a person can type as `/name`: saved in a folder, or in a bundle of it."""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import bundled, paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pydantic import JsonValue

    from hocket.launch.project import Project

BUNDLED = "bundled"


@dataclass(frozen=True, slots=True)
class Command:
    """A script that answers to `/name`."""

    name: str
    path: Path
    scope: str


def commands(project: Project) -> Iterator[Command]:
    """List every saved and bundled command, the strongest first; a name may come twice."""
    # Path.home() raises where there is no home; "~" is then a folder that nobody has.
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    suffixes = project.host.script_hosts()
    for folder in paths.workflow_dirs(project.here, home, project.typed.env):
        scope = "project" if folder.is_relative_to(project.root) else "user"
        yield from _in_folder(folder, scope, suffixes)
    yield from _in_folder(bundled.root() / "skills", BUNDLED, suffixes)


def _in_folder(folder: Path, scope: str, suffixes: Collection[str]) -> Iterator[Command]:
    entries: list[Path] = []
    # A folder of other programs that may not be read has no commands for us.
    with suppress(OSError):
        entries = sorted(folder.iterdir())
    for entry in entries:
        if entry.suffix in suffixes and entry.is_file():
            yield Command(entry.stem, entry, scope)
        elif (entry / "bundle.toml").is_file():
            yield from _in_bundle(entry, scope)


def _in_bundle(folder: Path, scope: str) -> Iterator[Command]:
    manifest: dict[str, JsonValue] = {}
    with suppress(OSError, ValueError):
        manifest = tomllib.loads((folder / "bundle.toml").read_text("utf-8"))
    entries = manifest.get("commands")
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        path = folder / str(entry.get("script", "") if isinstance(entry, dict) else "")
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            yield Command(name, path, scope)
