"""Where a command was typed: what its paths mean, and who vouches for the words of files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.launch import locate
from hocket.launch.expansion.doubts import Doubts
from hocket.launch.expansion.found import Unusable

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.scripts import Script
    from hocket.launch.project import Project

BUNDLE = "bundle:"
"""Begins the name of a file that came with the script: who trusts the script trusts it."""
PROJECT, BESIDE = "project", "beside the project"
RUNS = ".hocket/runs"


@dataclass(frozen=True, slots=True)
class Ground:
    """The project, the folder a person stands in, and the script that asks."""

    root: Path
    """The project's, its links resolved."""
    here: Path
    script: Script
    is_trusted: bool = True
    doubts: Doubts = field(default_factory=Doubts)

    @classmethod
    def of(cls, project: Project, script: Script) -> Ground:
        """Take what a project says about its files."""
        doubts = Doubts((RUNS, *project.plugin_settings.outside))
        return cls(project.root.resolve(), project.here, script, project.is_trusted, doubts)

    def place(self, typed: str) -> Path:
        """Follow what was typed to its end; raises Unusable where there is nothing."""
        if typed.startswith(BUNDLE):
            return self._own(typed)
        try:
            place = (self.here / os.path.expanduser(typed)).resolve(strict=True)  # noqa: PTH111
        except (OSError, ValueError, RuntimeError) as cause:
            why = cause.strerror if isinstance(cause, OSError) else str(cause)
            raise Unusable(f"{typed} cannot be read ({why})", "a file or folder") from None
        return place

    def name(self, place: Path) -> str:
        """Name a file as scripts and agents do: from the project's root on, else in full."""
        inside = place.is_relative_to(self.root)
        return place.relative_to(self.root).as_posix() if inside else str(place)

    def sources(self, place: Path) -> tuple[str, ...]:
        """Say where the words of a file come from; nothing for one that somebody vouches for."""
        if not place.is_relative_to(self.root):
            return (BESIDE,)
        if not self.is_trusted:
            return (PROJECT,)
        name = self.name(place)
        return (name,) if self.doubts.hold(name) else ()

    def _own(self, typed: str) -> Path:
        """Find a file that came with the script; an installed bundle's are those of the store."""
        base = locate.file_of(self.root, self.script).resolve().parent
        place = (base / typed.removeprefix(BUNDLE)).resolve()
        if not place.is_relative_to(base):
            raise Unusable(f"{typed} leads out of the bundle", "a file or folder of it")
        if not place.exists():
            raise Unusable(f"{typed} does not exist", "a file or folder of the bundle")
        return place
