"""Checks of a script that are commands of the project: `project:NAME` is what settings say."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hocket.api.calls import Check
    from hocket.api.scripts import Script

    Commands = Mapping[str, str | tuple[str, ...]]

PREFIX = "project:"
UNTRUSTED = "What the project's settings say counts once you trust the folder: hocket trust. "


def resolve(script: Script, commands: Commands, *, trusted: bool = True) -> Script:
    """Put the project's commands in; raises UsageError that names the setting."""
    checks = script.manifest.checks
    untold = "" if trusted else UNTRUSTED
    found = {name: _resolved(script, check, commands, untold) for name, check in checks.items()}
    if found == checks:
        return script
    return replace(script, manifest=replace(script.manifest, checks=found))


def bundled(script: Script, folder: Path) -> Script:
    """Say where the checks find what came with their script."""
    checks = script.manifest.checks
    if not checks:
        return script
    found = {name: replace(check, bundle=folder) for name, check in checks.items()}
    return replace(script, manifest=replace(script.manifest, checks=found))


def _resolved(script: Script, check: Check, commands: Commands, untold: str) -> Check:
    if not isinstance(check.run, str) or not check.run.startswith(PREFIX):
        return check
    name = check.run.removeprefix(PREFIX).strip()
    if name in commands:
        return replace(check, run=commands[name])
    near = get_close_matches(name, commands, 1)
    hint = f"Did you mean '{PREFIX}{near[0]}'? " if near else ""
    raise UsageError(
        f"{script.path}: meta.checks.{check.name}",
        found=f"the setting 'checks.{name}' is missing",
        expected=f'{name} = "COMMAND" under [checks] in .hocket/config.toml',
        hint=f"{hint}{untold}Nothing was started.",
    )
