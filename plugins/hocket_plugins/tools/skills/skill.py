"""The tool that gives a skill's instructions."""

from __future__ import annotations

import asyncio
import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.documents import Unfit, front_matter, printable
from hocket.api.tools import Effect, ToolOutput
from hocket_plugins.tools.skills.listing import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from hocket.api.tools import ToolContext, Workspace
    from hocket_plugins.tools.skills.shelf import Installed

MOST_BYTES = 64 << 10
MOST_FILES = 200
SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"name": {"type": "string", "description": "The skill, as it is listed."}},
    "required": ["name"],
    "additionalProperties": False,
}


class Skill:
    """Gives a skill's instructions, and names the files that belong to it."""

    name = "Skill"
    effects = frozenset({Effect.READ_PROJECT})
    input_schema: dict[str, JsonValue] = SCHEMA

    def __init__(self, skills: Mapping[str, Installed]) -> None:
        self._skills = skills
        self.description = listing([*skills.values()])

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write `Skill(name)`."""
        name = arguments.get("name")
        return f"Skill({name if isinstance(name, str) else ''})"

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Give the instructions as they were trusted, or say why not."""
        name = arguments.get("name")
        if not isinstance(name, str) or len(arguments) > 1:
            return ToolOutput("The input is one 'name', a text.", is_error=True)
        skill = self._skills.get(name.strip())
        if skill is None:
            return ToolOutput(self._unknown(name), is_error=True)
        try:
            text = await asyncio.to_thread(_told, skill, context.workspace)
        except Unfit as unfit:
            return ToolOutput(f"{skill.name} cannot be used: {unfit}.", is_error=True)
        return ToolOutput(text)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, self._skills, 3, 0.0)
        return f"There is no skill {name[:80]!r}; the nearest are {', '.join(near)}."


def _told(skill: Installed, workspace: Workspace) -> str:
    _, body = front_matter(skill.source.read())
    raw = body.encode()
    if len(raw) > MOST_BYTES:
        kept = raw[:MOST_BYTES].decode("utf-8", "ignore")
        body = f"{kept}\n(Cut here: {len(raw) - len(kept.encode()):,} bytes more.)"
    return "\n\n".join([f"The skill {skill.name}:", body, *_files(skill, workspace)])


def _files(skill: Installed, workspace: Workspace) -> list[str]:
    """Name the files beside SKILL.md as the file tools want them, and say if those can reach it."""
    folder, shown = _place(skill, workspace)
    names = sorted(_beneath(folder))
    if not names:
        return []
    listed = [f"- {printable(name)}" for name in names[:MOST_FILES]]
    more = ["- and more"] if len(names) > MOST_FILES else []
    reach = "" if _is_within(folder, workspace) else " They cannot be read from here."
    head = f"Files that belong to it, in {printable(shown)}.{reach}"
    return ["\n".join([head, *listed, *more])]


def _place(skill: Installed, workspace: Workspace) -> tuple[Path, str]:
    """Find the skill's folder: in the agent's own tree, where that has it."""
    folder = skill.source.path.parent
    if skill.beneath is None:
        return folder, str(folder)
    relative = folder.relative_to(skill.beneath)
    theirs = workspace.path / relative
    return (theirs, relative.as_posix()) if theirs.is_dir() else (folder, str(folder))


def _is_within(folder: Path, workspace: Workspace) -> bool:
    real = Path(os.path.realpath(folder))
    grounds = (workspace.path, *workspace.roots)
    return any(real.is_relative_to(os.path.realpath(ground)) for ground in grounds)


def _beneath(folder: Path) -> Iterator[str]:
    """Give the files, as many as one needs to know that there are too many; no link is followed."""
    given = 0
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.relpath(os.path.join(here, name), folder)  # noqa: PTH118
            if path != "SKILL.md":
                yield path
                given += 1
        if given > MOST_FILES:
            return
