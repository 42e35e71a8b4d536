"""Finds the script for what was typed: a file, a saved command, a bundled one, or a plugin's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import bundled, paths
from hocket.errors import UsageError
from hocket.scripts.source import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.scripts import Script, ScriptHost
    from hocket.launch.project import Project


@dataclass(frozen=True, slots=True)
class Command:
    """A script that answers to `/name`."""

    name: str
    path: Path
    scope: str


def commands(project: Project) -> Iterator[Command]:
    """List every saved and bundled command, the strongest first; a name may come twice."""
    folders = paths.workflow_dirs(project.here, Path.home())
    suffixes = project.host.script_hosts()
    for folder in folders:
        scope = "project" if folder.is_relative_to(project.root) else "user"
        yield from _in_folder(folder, scope, suffixes)
    yield from _in_folder(bundled.root() / "skills", "bundled", suffixes)


def script(project: Project, text: str) -> Script:
    """Read the script that was typed; raises UsageError with the nearest names."""
    as_path = project.here / text
    if as_path.suffix in project.host.script_hosts() and (as_path.is_file() or "/" in text):
        return read(project, as_path)
    known = {command.name: command for command in reversed([*commands(project)])}
    if text in known:
        return read(project, known[text].path)
    answered = project.host.resolve_script(text)
    if answered is not None:
        return answered
    raise _unknown(text, sorted(known))


def read(project: Project, path: Path) -> Script:
    """Read a script file in its language; raises ScriptRejected with all findings."""
    host = host_for(project, path)
    shown = paths.shown(path, project.root)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"script '{shown}'",
            found=error.strerror or "cannot be read",
            expected="a file that can be read",
            hint="Nothing was started.",
        ) from error
    return host.read(decode(data, shown), shown)


def host_for(project: Project, path: Path) -> ScriptHost:
    """Give the script host for a file; raises UsageError for a language nobody speaks."""
    hosts = project.host.script_hosts()
    if path.suffix not in hosts:
        raise UsageError(
            f"script '{path.name}'",
            found=f"no script host for '{path.suffix or 'no suffix'}'",
            expected=f"one of {', '.join(sorted(hosts))}",
            hint="Install a plugin that runs this language.",
        )
    return hosts[path.suffix]


def _in_folder(folder: Path, scope: str, suffixes: dict[str, ScriptHost]) -> Iterator[Command]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.suffix in suffixes and entry.is_file():
            yield Command(entry.stem, entry, scope)
        elif (entry / "bundle.toml").is_file():
            yield from _in_bundle(entry, scope)


def _in_bundle(folder: Path, scope: str) -> Iterator[Command]:
    try:
        manifest = tomllib.loads((folder / "bundle.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return
    for name, entry in manifest.get("commands", {}).items():
        path = folder / str(entry.get("script", ""))
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            yield Command(name, path, scope)


def _unknown(text: str, known: list[str]) -> UsageError:
    near = get_close_matches(text, known, 3, 0.5)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    return UsageError(
        f"workflow '{text}'",
        found="no such file or command",
        expected=f"a script file or one of {', '.join(known)}" if known else "a script file",
        hint=f"{hint}Nothing was started.",
    )
