"""Finds the script for what was typed: a file, a saved command, a bundled one, or a plugin's."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import paths
from hocket.errors import UsageError
from hocket.launch import languages, vetting
from hocket.launch.commands import BUNDLED, commands
from hocket.scripts.source import decode

if TYPE_CHECKING:
    from hocket.api.scripts import Script
    from hocket.launch.project import Project

_LISTED = 8


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
    known = {command.name: command for command in reversed([*commands(project)])}
    command = known.get(text.removeprefix("/"))
    if command is not None:
        if command.scope == BUNDLED:
            return Found(read(project, command.path))
        return vetted(project, command.path)
    if _is_file(path):
        return Found(read(project, path), path)
    answered = project.host.resolve_script(text)
    if answered is not None:
        return Found(answered)
    raise _unknown(text, sorted(known))


def vetted(project: Project, path: Path) -> Found:
    """Read a script that nobody named by its path, and say whether it is trusted as it is read."""
    script, data = _read(project, path)
    return Found(script, path, vetting.distrusted(project, path, data))


def read(project: Project, path: Path) -> Script:
    """Read a script file in its language; raises ScriptRejected with all findings."""
    return _read(project, path)[0]


def _read(project: Project, path: Path) -> tuple[Script, bytes]:
    host = languages.by_suffix(project, path)
    # A path may have bytes that are not UTF-8; what is told, kept and sent has only text.
    shown = os.fsencode(paths.shown(path, project.root)).decode("utf-8", "backslashreplace")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"script '{shown}'",
            found=error.strerror or "cannot be read",
            expected="a file that can be read",
            hint="Nothing was started.",
        ) from error
    return host.read(decode(data, shown), shown), data


def file_of(project: Path, script: Script) -> Path:
    """Say where a script lies that names itself as a person may see it."""
    home, _, rest = script.path.partition("/")
    return Path(os.path.expanduser("~")) / rest if home == "~" else project / script.path  # noqa: PTH111


def _is_file(path: Path) -> bool:
    # A text may be a question of 300 characters: no file system has such a name.
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def _unknown(text: str, known: list[str]) -> UsageError:
    near = get_close_matches(text.removeprefix("/"), known, 3, 0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    listed = ", ".join(near or known[:_LISTED])
    return UsageError(
        f"workflow '{text}'",
        found="no such file or command",
        expected=f"a script file or one of {listed}" if known else "a script file",
        hint=f"{hint}Nothing was started.",
    )
