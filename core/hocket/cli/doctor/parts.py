"""What a run would be made of here: the same choice that a run makes, told with its reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.cli.doctor.agents import agents
from hocket.cli.doctor.finding import Finding
from hocket.cli.doctor.tools import tools
from hocket.errors import HocketError, StructureError
from hocket.launch.project import Project
from hocket.paths import project_root, runs_dir, shown
from hocket.trust.candidates import OPEN
from hocket.trust.store import Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hocket.trust.standing import Standing

DEFAULT = "default"


def parts(*, probe: bool = False) -> Iterator[Finding]:
    """Look at plugins, settings and every part of a run; what is broken is a line, not an end."""
    try:
        project = Project.open(Path.cwd())
        yield _plugins(project)
        yield _trust(project.standing)
        yield from _settings(project)
        yield from agents(project, probe=probe)
        yield from tools(project)
        yield from _others(project)
    except HocketError as error:
        part = "plugins" if isinstance(error, StructureError) else "settings"
        yield Finding(part, "", "broken", error.message)
    yield _runs(project_root(Path.cwd()))


def _plugins(project: Project) -> Finding:
    found = project.host.plugins()
    blocked = [plugin.name for plugin in found if plugin.blocked]
    why = f"blocked: {', '.join(blocked)}" if blocked else "none is blocked"
    return Finding("plugins", f"{len(found) - len(blocked)} loaded", "found", why)


def _trust(standing: Standing) -> Finding:
    waiting = [one.path for one in Trust().review(standing) if one.state in OPEN]
    if standing.damaged or not standing.is_trusted:
        state = "broken" if standing.damaged else "missing"
        return Finding("trust", standing.word.value, state, "; ".join(standing.notes()))
    why = f"{len(waiting)} changed or new: hocket trust" if waiting else standing.why
    return Finding("trust", standing.word.value, "found", why)


def _settings(project: Project) -> Iterator[Finding]:
    sources = sorted(set(project.loaded.origins.values()) - {DEFAULT})
    yield Finding("settings", ", ".join(sources) or "defaults", "found", "")
    for note in project.loaded.notes:
        yield Finding("settings", "", "found", note)


def _others(project: Project) -> Iterator[Finding]:
    host, settings = project.host, project.plugin_settings
    for suffix, language in host.script_hosts().items():
        yield Finding("scripts", f"{language.language} ({suffix})", "found", "")
    names = {
        "router": lambda: host.router(settings).name,
        "executor": lambda: host.executor(settings).name,
        "store": lambda: host.store(settings).name,
    }
    for part, name in names.items():
        yield _chosen(part, name, _why(project, part, f"no {part} was named"))


def _chosen(part: str, name: Callable[[], str], why: str) -> Finding:
    try:
        return Finding(part, name(), "chosen", why)
    except HocketError as error:
        return Finding(part, "", "missing", error.message)


def _why(project: Project, part: str, otherwise: str) -> str:
    origin = project.loaded.origins[part]
    return otherwise if origin == DEFAULT else f"named by {origin}"


def _runs(project: Path) -> Finding:
    folder = runs_dir(project)
    name = shown(folder, project)
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        return Finding("runs", name, "broken", "it cannot be written to")
    if there == folder:
        return Finding("runs", name, "found", "")
    return Finding("runs", name, "missing", "the first run makes it")
