"""The installed skills in few words: the same bytes in every run with the same skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket_plugins.tools.skills.shelf import Installed

MOST_BYTES = 8 << 10
MOST_DESCRIPTION = 1_024
HEAD = (
    "Load a skill: instructions for one kind of task. When a task is of that kind, load the skill"
    " before you begin, and follow it. Installed are:"
)
FURTHER = "Further ones, by name: "


def listing(skills: Sequence[Installed]) -> str:
    """Name all skills, and describe as many as there is room for."""
    ordered = sorted(skills, key=lambda one: one.name)
    names = [one.name for one in ordered]
    lines = [f"- {one.name}: {_short(one.description)}" for one in ordered]
    told = ""
    for described in range(len(lines) + 1):
        text = "\n".join([HEAD, *lines[:described], *_further(names[described:])])
        if len(text.encode()) > MOST_BYTES:
            break
        told = text
    return told or _named(names)


def _further(names: Sequence[str]) -> list[str]:
    return [FURTHER + ", ".join(names)] if names else []


def _named(names: Sequence[str]) -> str:
    """Name as many as there is room for, and count the others."""
    room = MOST_BYTES - len(f"{HEAD}\n{FURTHER} and 1,000,000 more")
    told: list[str] = []
    for name in names:
        room -= len(name) + 2
        if room < 0:
            break
        told.append(name)
    return f"{HEAD}\n{FURTHER}{', '.join(told)} and {len(names) - len(told):,} more"


def _short(description: str) -> str:
    whole = len(description) <= MOST_DESCRIPTION
    return description if whole else f"{description[: MOST_DESCRIPTION - 1]}…"
