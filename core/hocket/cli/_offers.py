"""The commands of a folder as a shell needs them, kept in the cache as `commands.json`.

What is needed on every Tab is here; what makes the file anew is in `_offering`.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hocket import bundled, paths
from hocket.cli._stamps import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = tuple[str, str, dict[str, list[str]]]
    Stamps = dict[str, list[int] | None]

FILE, FORMAT = "commands.json", 1
_MOST = 32
"""Folders that are remembered; the oldest is forgotten."""


class Offer:
    """A command, and the flags it takes with the values they may have."""

    # No dataclass: the module of that name takes longer than all of the rest.
    __slots__ = ("exact", "flags", "short")

    def __init__(self, short: str, exact: str, flags: Mapping[str, list[str]]) -> None:
        self.short, self.exact, self.flags = short, exact, flags

    @property
    def forms(self) -> tuple[str, ...]:
        """How it can be typed; the short form is missing where another command has it."""
        return tuple(form for form in (self.short, self.exact) if form)

    def values(self, option: str) -> list[str]:
        """Give the values of a flag, if it has few."""
        return self.flags.get(option, [])


def offers(env: Mapping[str, str]) -> list[Offer]:
    """Give the commands here, from the cache as long as nothing changed."""
    here = Path.cwd()
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  (it raises nothing without a home)
    folders = [*paths.workflow_dirs(here, home, env), bundled.root() / "skills"]
    file = paths.user_cache(env) / FILE
    kept = _load(file)
    entry = kept.get(str(here))
    if entry is None or not _holds(entry, [str(folder) for folder in folders]):
        from hocket.cli import _offering

        entry = _offering.made(here, env)
        kept.pop(str(here), None)
        _keep(file, {**dict([*kept.items()][1 - _MOST :]), str(here): entry})
    return [Offer(*row) for row in cast("list[Row]", entry["offers"])]


def _holds(entry: dict[str, object], folders: list[str]) -> bool:
    stamps = cast("Stamps", entry["stamps"])
    same = entry["places"] == folders
    return same and all(stamp(path) == was for path, was in stamps.items())


def _load(file: Path) -> dict[str, dict[str, object]]:
    with suppress(OSError, ValueError):
        told = cast("object", json.loads(file.read_bytes()))
        if isinstance(told, dict) and cast("dict[str, object]", told).get("format") == FORMAT:
            return cast("dict[str, dict[str, dict[str, object]]]", told).get("folders", {})
    return {}


def _keep(file: Path, folders: dict[str, dict[str, object]]) -> None:
    # A cache that cannot be written costs time on the next Tab, and nothing else.
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        undone = file.with_name(f".{FILE}.{os.getpid()}")
        undone.write_text(json.dumps({"format": FORMAT, "folders": folders}), "utf-8")
        undone.replace(file)
