"""What comes with a project's folder and would have a say in it: where it lies, by kind."""

from __future__ import annotations

import os
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import paths
from hocket.config.layers import OWN, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What a file would do, in the order in which a person looks at them."""

    SETTINGS = "settings"
    PLUGINS = "plugins"
    SERVERS = "servers"
    WORKFLOWS = "workflows"
    AGENTS = "agents"
    SKILLS = "skills"
    MEMORY = "memory"


WHERE = {
    Kind.SETTINGS: (OWN, SHARED),
    Kind.PLUGINS: (".hocket/plugins/*.py",),
    Kind.SERVERS: (".mcp.json",),
    Kind.AGENTS: (".hocket/agents/*.md", ".claude/agents/*.md"),
    Kind.SKILLS: (
        ".hocket/skills/*/SKILL.md",
        ".claude/skills/*/SKILL.md",
        ".agents/skills/*/SKILL.md",
    ),
    Kind.MEMORY: ("AGENTS.md", "CLAUDE.md", ".claude/CLAUDE.md"),
}
"""As globs, but for workflows: they lie in folders, each with all that is in it."""
BUNDLE = "bundle.toml"
_WORKFLOWS = (Path(".hocket/workflows"), *paths.FOREIGN)


def kind_of(path: str) -> Kind:
    """Say what a file of a project would be, by where it lies."""
    for kind, globs in WHERE.items():
        if any(path.count("/") == one.count("/") and fnmatchcase(path, one) for one in globs):
            return kind
    return Kind.WORKFLOWS


def found(project: Path, here: Path | None = None) -> set[str]:
    """Give the paths of all there are, with `/`; workflows count from `here` upwards too."""
    named = (path for globs in WHERE.values() for one in globs for path in project.glob(one))
    start = here or project
    upward = (one for one in (start, *start.parents) if one.is_relative_to(project))
    folders = [one / name for one in upward for name in _WORKFLOWS]
    files = (*named, *(file for folder in folders for file in _workflows(folder)))
    return {path.relative_to(project).as_posix() for path in files}


def bundle_of(project: Path, path: str) -> str | None:
    """Name the bundle of a project that a file belongs to; it is trusted as a whole."""
    for folder in Path(path).parents:
        if (project / folder / BUNDLE).is_file():
            return folder.as_posix()
    return None


def in_workflows(path: str) -> bool:
    """Say whether a file of a project lies in a folder from which names are taken."""
    folders = (folder.parts[-2:] for folder in Path(path).parents)
    return any(parts == name.parts for parts in folders for name in _WORKFLOWS)


def below(top: Path) -> Iterator[Path]:
    """List a file, or all files beneath a folder; a link is listed and never followed."""
    if top.is_symlink() or not top.is_dir():
        yield top
        return
    for folder, folders, files in os.walk(top):
        links = (name for name in folders if Path(folder, name).is_symlink())
        yield from (Path(folder, name) for name in (*files, *links))


def _workflows(folder: Path) -> Iterator[Path]:
    """List what lies in a folder of workflows; one of skills holds scripts and bundles as well."""
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        script = entry.suffix not in {"", ".md"} and not entry.is_dir()
        if folder.name == "workflows" or script or (entry / BUNDLE).is_file():
            yield from below(entry)
