"""Which folders are trusted unasked, and whether a person may trust others: never a project's word.

Known before any plugin is imported, since a project may bring some.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.config.layers import beyond

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hocket.config.layers import Layer


@dataclass(frozen=True, slots=True)
class Trusting:
    """What the person's settings and the machine owner's say about trust."""

    folders: tuple[str, ...] = ()
    """Real paths; what lies beneath one is trusted as it is."""
    origin: str = ""
    """Who listed them."""
    forbidden: str = ""
    """Who said that nobody trusts anything else; empty: a person may."""

    def lists(self, project: Path) -> bool:
        """Say whether a project lies in one of the folders, by every way that leads there."""
        real = os.path.realpath(project)
        return any(_inside(real, folder) for folder in self.folders)


def trusting(project: Path, env: Mapping[str, str], *, managed: Path | None = None) -> Trusting:
    """Read it: the owner's word wins, also when it lists none; raises UsageError.

    Where nobody may trust, a list of the person's own would be a way around it.
    """
    said = beyond(project, env, managed)
    asked = next((layer for layer in reversed(said) if "trust" in layer.values), None)
    never = asked is not None and _checked(asked, "trust") == "never"
    lists = [layer for layer in said if "trusted_folders" in layer.values]
    heard = [layer for layer in lists if layer.kind == "managed" or not never]
    forbidden = asked.origin("trust") if asked is not None and never else ""
    if not heard:
        return Trusting(forbidden=forbidden)
    folders = _checked(heard[-1], "trusted_folders")
    real = tuple(os.path.realpath(os.path.expanduser(str(one))) for one in folders)  # noqa: PTH111
    return Trusting(real, heard[-1].origin("trusted_folders"), forbidden)


def _checked(layer: Layer, key: str) -> tuple[str, ...] | str:
    # pydantic costs 60 ms, and most people set neither.
    from hocket.config.validation import check_core  # noqa: PLC0415

    settings = check_core(layer, {key: layer.values[key]})
    return settings.trust if key == "trust" else settings.trusted_folders


def _inside(path: str, folder: str) -> bool:
    return os.path.commonpath((path, folder)) == folder
