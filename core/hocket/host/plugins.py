"""What is installed under the entry-point group `hocket`, and how one plugin is imported."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import NameClash, StructureError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "hocket"
OWN = ("hocket.", "hocket_plugins.")


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """A plugin as `hocket doctor` shows it; a blocked one was never imported, so has no hooks."""

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...]
    blocked: bool


def installed() -> list[EntryPoint]:
    """List the installed plugins, hocket's own first; raises NameClash for one name twice."""
    points = sorted(
        importlib.metadata.entry_points(group=GROUP),
        key=lambda point: (not point.value.startswith(OWN), point.name, point.value),
    )
    unique: dict[str, EntryPoint] = {}
    for point in points:
        first = unique.setdefault(point.name, point)
        if first.value != point.value:
            raise NameClash(
                f"plugin '{point.name}'",
                found=f"installed from {_origin(first)} and from {_origin(point)}",
                expected="one owner",
                hint="Uninstall one of the two packages.",
            )
    return list(unique.values())


def imported(point: EntryPoint) -> object:
    """Import a plugin; raises StructureError that names it and the cause."""
    try:
        plugin: object = point.load()
    except (Exception, SystemExit) as cause:
        raise broken(point.name, "cannot be imported", cause) from cause
    return plugin


def broken(plugin: str, what: str, cause: BaseException) -> StructureError:
    """Say that a plugin raised: which, where, what, and how to do without it."""
    return StructureError(
        f"plugin '{plugin}'",
        found=f"{what}: {type(cause).__name__}: {cause}".rstrip(". \n"),
        hint=f"Mend or update it, or do without: {block(plugin)}",
    )


def block(plugin: str) -> str:
    """Say how one plugin is blocked."""
    return f'block = ["{plugin}"] under [plugins] in .hocket/config.toml'


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} ({point.value})" if point.dist else point.value
