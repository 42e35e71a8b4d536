"""The settings a plugin is handed: its own section, and the few facts about the run it may need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """What configuration, flags and the environment say to the plugins of one command."""

    project: Path
    """The project root: the folder that holds `.hocket/`, else the nearest repository root."""
    sections: Mapping[str, BaseModel] = field(default_factory=dict[str, "BaseModel"])
    """The validated section of each plugin that registered one, by its title."""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the person chose by name: backend, router, executor, store, model, simulate."""
