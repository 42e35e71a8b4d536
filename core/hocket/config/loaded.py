"""What a command gets to know of the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from hocket.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings that hold, and where each came from."""

    settings: Settings
    origins: Mapping[str, str]
    """For each key (`checks.test`, `simulate.seed` too): a file, a flag, a variable, `default`."""
    sections: Mapping[str, BaseModel]
    """The validated section of each plugin that has one."""
    kinds: Mapping[str, str] = field(default_factory=dict[str, str])
    """Who said a key of a plugin's section (`simulate.seed`): `user`, `project`, `managed`, …."""
    notes: tuple[str, ...] = ()
    """What was asked for and does not hold, and why: for a person."""
