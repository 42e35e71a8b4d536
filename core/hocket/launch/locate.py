"""Finds the script for what was typed: a file, a saved command, a bundled one, or a plugin's."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import paths
from hocket.errors import StructureError, UsageError
from hocket.launch import bundles, languages, renamed, vetting
from hocket.launch.commands import BUNDLED, commands
from hocket.launch.names import Names
from hocket.launch.receipts import Installed, scopes
from hocket.scripts.source import decode

if TYPE_CHECKING:
    from hocket.api.scripts import Script
    from hocket.launch.commands import Command
    from hocket.launch.project import Project


@dataclass(frozen=True, slots=True)
class Found:
    """A script, and its file where a person may change it: not what came with hocket."""

    script: Script
    file: Path | None = None
    distrusted: str = ""
    """The file that came with the folder, and for which it needs a person to look."""


def find(project: Project, text: str) -> Found:
    """Find and read the script that was typed; raises UsageError with the nearest names."""
    path = project.here / text
    is_script = path.suffix in project.host.script_hosts()
    if is_script and (_is_file(path) or "/" in text):
        return Found(read(project, path), path)
    names = named(project)
    command = names.meant(text)
    if command is not None:
        return of_command(project, command)
    if _is_file(path):
        return Found(read(project, path), path)
    answered = project.host.resolve_script(text)
    if answered is not None:
        return Found(answered)
    raise _unknown(project, text, names)


def named(project: Project) -> Names:
    """Give all commands here by their names."""
    installed = Installed(*scopes(project.root, project.typed.env))
    return Names(commands(project), installed.registry)


def of_command(project: Project, command: Command) -> Found:
    """Read the script of a command; raises StructureError for one that is broken."""
    if command.broken and command.folder:
        bundles.declared(command.folder)
        raise StructureError(
            f"bundle '{command.bundle}'", found=command.broken, hint="Nothing was started."
        )
    found = vetted(project, command.path)
    return Found(found.script) if command.scope == BUNDLED else found


def vetted(project: Project, path: Path) -> Found:
    """Read a script that nobody named by its path, and say whether it is trusted as it is read.

    What was installed is not asked about again: who installed it agreed to what it may do.
    """
    script, data = _read(project, path)
    if data is None:
        return Found(script, path)
    return Found(script, path, vetting.distrusted(project, path, data))


def read(project: Project, path: Path) -> Script:
    """Read a script file in its language; raises ScriptRejected with all findings."""
    return _read(project, path)[0]


def _read(project: Project, path: Path) -> tuple[Script, bytes | None]:
    """Read a script, and hold it to its bundle; gives its bytes where they came from the file."""
    host = languages.by_suffix(project, path)
    # A path may have bytes that are not UTF-8; what is told, kept and sent has only text.
    shown = os.fsencode(paths.shown(path, project.root)).decode("utf-8", "backslashreplace")
    bound = bundles.bound(project, path)
    content = bound.content if bound else None
    data = _content(path, shown) if content is None else content
    script = host.read(decode(data, shown), shown)
    if bound:
        script = replace(script, ceiling=bound.ceiling, bundle=bound.name)
    return script, data if content is None else None


def _content(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"script '{shown}'",
            found=error.strerror or "cannot be read",
            expected="a file that can be read",
            hint="Nothing was started.",
        ) from error


def file_of(project: Path, script: Script) -> Path:
    """Say where a script lies for what it reads beside it: an installed bundle's, in the store."""
    return bundles.kept(project, shown_at(project, script), script.bundle)


def shown_at(project: Path, script: Script) -> Path:
    """Say where a script lies that names itself as a person may see it."""
    home, _, rest = script.path.partition("/")
    return Path(os.path.expanduser("~")) / rest if home == "~" else project / script.path  # noqa: PTH111


def _is_file(path: Path) -> bool:
    # A text may be a question of 300 characters: no file system has such a name.
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def _unknown(project: Project, text: str, names: Names) -> UsageError:
    near = names.nearest(text)
    now = renamed.now(scopes(project.root, project.typed.env), text)
    told = f"It is called /{now} now. " if now else f"Did you mean {near[0]}? " if near else ""
    return UsageError(
        f"workflow '{text}'",
        found="no such file or command",
        expected=f"a script file or one of {', '.join(near)}" if near else "a script file",
        hint=f"{told}All there are: hocket /. Nothing was started.",
    )
