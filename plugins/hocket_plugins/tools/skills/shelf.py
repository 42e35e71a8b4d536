"""The skills that are installed: the project's trusted ones, then the person's own."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.documents import (
    Source,
    Unfit,
    front_matter,
    own,
    person,
    printable,
    trusted,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.settings import PluginSettings

PROJECT = (".hocket/skills", ".claude/skills", ".agents/skills")
PERSON = ("skills", ".claude/skills", ".agents/skills")
"""The first lies in the data folder, the others beneath the home."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Installed:
    """A skill as it is listed; its instructions are read when it is loaded."""

    name: str
    """Its folder's name, whatever its text says."""
    description: str
    source: Source
    beneath: Path | None = None
    """The project it comes with; None: it is the person's own."""


@dataclass(slots=True)
class Shelf:
    """The skills by name, and what a person should know about those that were left out."""

    skills: dict[str, Installed] = field(default_factory=dict[str, "Installed"])
    notes: list[str] = field(default_factory=list[str])

    def put(self, source: Source, beneath: Path | None) -> None:
        """Take a skill, or note why not; one that agents are not to load is left out silently."""
        name = source.path.parent.name
        if name in self.skills:
            return
        try:
            fields, _ = front_matter(source.read())
            description = _described(fields)
            if not _NAME.fullmatch(name):
                raise Unfit(f"'{printable(name)[:80]}' is no name for a skill")  # noqa: TRY301
        except Unfit as unfit:
            self.notes.append(f"{source.shown} is left out: {unfit}")
            return
        if not _is_for_people(fields) and not _is_workflow(source.path.parent, fields):
            self.skills[name] = Installed(name, description, source, beneath)


def shelf(settings: PluginSettings) -> Shelf:
    """Look at all places where skills are; who comes first keeps a name.

    A project that nobody trusts has none, whatever of it was trusted before.
    """
    found = Shelf()
    for place in PROJECT if settings.is_trusted else ():
        for source in trusted(settings, f"{place}/*/SKILL.md"):
            found.put(source, settings.project)
    for folder in person(settings, *PERSON):
        for source in own(folder, "*/SKILL.md"):
            found.put(source, None)
    return found


def _described(fields: dict[str, JsonValue]) -> str:
    description = fields.get("description")
    if not isinstance(description, str) or not description.strip():
        raise Unfit("it has no description")
    return " ".join(description.split())


def _is_for_people(fields: dict[str, JsonValue]) -> bool:
    """Say whether its author wants no agent to load it by itself."""
    return fields.get("disable-model-invocation") is True


def _is_workflow(folder: Path, fields: dict[str, JsonValue]) -> bool:
    """Say whether it is run rather than read: a bundle with commands, or an exported copy of one.

    A bundle that cannot be read counts as one.
    """
    metadata = fields.get("metadata")
    if isinstance(metadata, dict) and "hocket-commands" in metadata:
        return True
    bundle = folder / "bundle.toml"
    if not os.path.lexists(bundle):
        return False
    try:
        return "commands" in tomllib.loads(Source(bundle, bundle.name).read())
    except (Unfit, ValueError, RecursionError):
        return True
