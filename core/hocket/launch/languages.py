"""The script languages that are spoken here: by suffix, and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.scripts import ScriptHost
    from hocket.launch.project import Project


def by_suffix(project: Project, path: Path) -> ScriptHost:
    """Give the script host for a file; raises UsageError for a language nobody speaks."""
    hosts = project.host.script_hosts()
    if path.suffix not in hosts:
        raise _unspoken(project, f"script '{path.name}'", f"'{path.suffix or 'no suffix'}'")
    return hosts[path.suffix]


def by_name(project: Project, language: str) -> ScriptHost:
    """Give the script host of a language; raises UsageError for one nobody speaks."""
    for host in project.host.script_hosts().values():
        if host.language == language:
            return host
    raise _unspoken(project, "the script", f"the language '{language}'")


def file_name(project: Project, language: str) -> str:
    """Name the run's own copy of a script in this language."""
    return f"script{by_name(project, language).suffixes[0]}"


def _unspoken(project: Project, who: str, what: str) -> UsageError:
    return UsageError(
        who,
        found=f"there is no script host for {what}",
        expected=f"one of {', '.join(sorted(project.host.script_hosts()))}",
        hint="Install a plugin that runs this language.",
    )
