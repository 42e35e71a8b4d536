"""The registries of this person, for the commands that use them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.cli._consent import interactive
from hocket.cli._output import tell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from hocket.launch.market import Market
    from hocket.registry.known.registries import Known

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def known(*, offline: bool) -> Known:
    """Open what is known, as the settings here allow it, and what fetches more."""
    return opened(offline=offline).known


def opened(*, offline: bool) -> Market:
    """Open the project here with everything that is known about packages."""
    from hocket.launch.market import Asked, Market
    from hocket.launch.project import Project

    asked = Asked(offline=offline, interactive=interactive())
    return Market.open(Project.open(Path.cwd()), asked, now())


def now() -> datetime:
    """Read the clock of the machine: registries are older than any run."""
    return datetime.now(UTC)


def warn(notes: Iterable[str]) -> None:
    """Tell what was noticed beside the answer."""
    for note in notes:
        tell(f"hocket: {note}")


def ago(age: timedelta) -> str:
    """Say how old something is, in its largest unit."""
    seconds = max(0, int(age.total_seconds()))
    return next(
        f"{seconds // size} {unit}" for unit, size in _UNITS if seconds >= size or size == 1
    )
