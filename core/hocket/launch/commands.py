"""The commands a person can type as `/name`: saved in a folder, or in a bundle of it.

A shell that completes lists them on every Tab, so nothing heavy is imported here.
"""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import bundled, paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pydantic import JsonValue

    from hocket.launch.project import Project

PROJECT, USER, BUNDLED = "project", "user", "bundled"
MANIFEST = "bundle.toml"
_IMPORTED = "workflows"
"""Where a bundle that was imported has its scripts: it has no manifest to name them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that holds workflows, files and bundles."""

    folder: Path
    scope: str
    is_foreign: bool = False
    """Whether it is a folder of other programs."""


@dataclass(frozen=True, slots=True)
class Command:
    """A script that answers to `/name`, or only to `/bundle:name`."""

    name: str
    path: Path
    place: Place
    folder: Path | None = None
    """Its bundle; None for a file by itself."""
    answers: str = ""
    """The short name it answers to, if it is the first to do so; empty: it has none."""
    hint: str = ""
    told: str = ""
    """What its manifest says that it does."""
    version: str = ""
    broken: str = ""
    """What is wrong with it, where it cannot be run."""

    @property
    def scope(self) -> str:
        """Whose it is."""
        return self.place.scope

    @property
    def bundle(self) -> str:
        """The name its bundle is known by here: that of the folder."""
        return self.folder.name if self.folder else ""

    @property
    def exact(self) -> str:
        """The form that names bundle and command; empty for a file by itself."""
        return f"{self.bundle}:{self.name}" if self.folder else ""


ASIDE = ".edited-"
"""In the name of a folder that keeps what somebody edited of a bundle."""


def commands(project: Project) -> list[Command]:
    """List every saved and bundled command, the strongest first; a name may come twice."""
    from hocket.launch.copies import originals  # noqa: PLC0415  (a shell needs none of it)

    around = places(project.here, project.typed.env)
    return originals(list(survey(around, project.host.script_hosts())))


def places(here: Path, env: Mapping[str, str]) -> list[Place]:
    """List the folders that names are taken from, the strongest first."""
    # Path.home() raises where there is no home; "~" is then a folder that nobody has.
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    root, own = paths.project_root(here), paths.user_data(env) / "workflows"
    foreign = tuple(name.parts for name in paths.FOREIGN)
    found = [
        # The person's own folder may lie in a project, when their home is one.
        Place(
            folder,
            PROJECT if folder.is_relative_to(root) and folder != own else USER,
            is_foreign=folder != own and folder.parts[-2:] in foreign,
        )
        for folder in paths.workflow_dirs(here, home, env)
    ]
    return [*found, Place(bundled.root() / "skills", BUNDLED)]


def survey(around: Collection[Place], suffixes: Collection[str]) -> Iterator[Command]:
    """List what the places hold; what cannot be run is listed as broken, and breaks no other."""
    for place in around:
        for entry in _entries(place.folder):
            if os.path.isfile(entry) and entry.suffix in suffixes:  # noqa: PTH113
                yield Command(entry.stem, entry, place, answers=entry.stem)
            elif _is_file(entry / MANIFEST):
                yield from _in_bundle(entry, place)
            elif not place.is_foreign:
                yield from _imported(entry, place, suffixes)


def _entries(folder: Path) -> list[Path]:
    # A folder of other programs that may not be read has no commands for us.
    with suppress(OSError):
        found = (one for one in folder.iterdir() if not one.name.startswith("."))
        # What a person had edited lies beside the new version: it is theirs, and no command.
        return sorted(one for one in found if ASIDE not in one.name)
    return []


def _in_bundle(folder: Path, place: Place) -> Iterator[Command]:
    whole = Command(folder.name, folder / MANIFEST, place, folder, answers=folder.name)
    try:
        manifest: dict[str, JsonValue] = tomllib.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as cause:
        yield replace(whole, broken=f"{MANIFEST}: it cannot be read ({cause})")
        return
    entries = manifest.get("commands", {})
    if not isinstance(entries, dict):
        yield replace(whole, broken=f"{MANIFEST}: commands: it is not a table")
        return
    version = manifest.get("version")
    whole = replace(whole, version=version if isinstance(version, str) else "")
    for name, entry in sorted(entries.items()):
        answers = _answers(name, manifest, folder, alone=len(entries) == 1)
        yield _command(replace(whole, name=name, answers=answers), folder, entry)


def _answers(name: str, manifest: dict[str, JsonValue], folder: Path, *, alone: bool) -> str:
    """Say which short name a command of a bundle takes.

    A bundle that was put elsewhere with `--as` gave up its names, so that it collides with nobody.
    """
    own = manifest.get("name", folder.name)
    if own == folder.name:
        return name
    return folder.name if alone and name == own else ""


def _command(command: Command, folder: Path, entry: JsonValue) -> Command:
    table = entry if isinstance(entry, dict) else {}
    script, hint, told = (table.get(key) for key in ("script", "argument-hint", "description"))
    path = folder / script if isinstance(script, str) else folder
    text = hint if isinstance(hint, str) else ""
    command = replace(command, hint=text, told=told if isinstance(told, str) else "")
    if _is_file(path) and path.resolve().is_relative_to(folder.resolve()):
        return replace(command, path=path)
    where = f"{MANIFEST}: commands.{command.name}.script"
    return replace(command, broken=f"{where}: {script!r} is no file of the bundle")


def _imported(folder: Path, place: Place, suffixes: Collection[str]) -> Iterator[Command]:
    for path in _entries(folder / _IMPORTED):
        if path.suffix in suffixes and _is_file(path):
            yield Command(path.stem, path, place, folder)


def _is_file(path: Path) -> bool:
    # A name may be too long for a file system, or hold what no name can.
    with suppress(OSError, ValueError):
        return path.is_file()
    return False
