"""The settings a plugin is handed: its own section, and the few facts about the run it may need."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel


class Setting(Enum):
    """How a key of a plugin's section is merged: `keys: Annotated[str, Setting.PERSON_ONLY]`."""

    PERSON_ONLY = "person_only"
    """A project's file cannot set it: what it says is dropped, with a note on the card."""
    ADDS_UP = "adds_up"
    """A list that every source adds to: no source takes away what another one said."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for this one run beside the settings, as rules for tools."""

    allow: tuple[str, ...] = ()
    """Typed with `--allow`."""
    deny: tuple[str, ...] = ()
    """Typed with `--deny`."""
    listed: tuple[str, ...] = ()
    """What the card said the run may do, and a person agreed to."""


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """What configuration, flags and the environment say to the plugins of one command."""

    project: Path
    """The project root: the folder that holds `.hocket/`, else the nearest repository root."""
    sections: Mapping[str, BaseModel] = field(default_factory=dict[str, "BaseModel"])
    """The validated section of each plugin that registered one, by its title."""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the person chose by name: backend, router, executor, store, model, simulate."""
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    """Who said it (`user`, `project`, `environment`, `flags`, `managed`), by `SECTION.KEY`."""
    trusted: Mapping[str, str] = field(default_factory=dict[str, str])
    """Files of the project that may instruct agents: their SHA-256 when a person agreed."""
    is_trusted: bool = True
    """Whether a person trusts the project; if not, all that is read in it is from outside."""
    outside: tuple[str, ...] = ()
    """Globs of files in the project whose words come from outside."""
    rules: Rules = Rules()
    data: Path | None = None
    """The person's own folder for what must last; None: nothing is kept."""
    cache: Path | None = None
    """The person's own folder for what can be made again."""
