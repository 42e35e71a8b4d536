"""What is here: every command and bundle, who shadows whom, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError, RefusedError
from hocket.launch import arguments, locate
from hocket.launch.commands import commands
from hocket.launch.names import Names
from hocket.launch.receipts import Installed, scopes
from hocket.paths import shown
from hocket.registry.installing.kept import Kept

if TYPE_CHECKING:
    from hocket.api.scripts import Script
    from hocket.launch.commands import Command
    from hocket.launch.project import Project
    from hocket.registry.receipts.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Row:
    """A command as it is listed."""

    command: Command
    form: str
    """What to type for it: a slash name that means it and nothing else, or its path."""
    registry: str
    version: str
    shadowed_by: str = ""
    """Where the command lies that has its short name."""
    state: str = ""
    """`modified`, `broken` or `unconsented`; empty where all is well."""
    why: str = ""
    hint: str = ""
    told: str = ""


def rows(project: Project) -> list[Row]:
    """List every command here, the strongest first."""
    installed = Installed(*scopes(project.root, project.typed.env))
    names = Names(commands(project), installed.registry)
    return [_row(project, command, names, installed.receipt(command)) for command in names.found]


def others(project: Project, listed: list[Row]) -> list[tuple[str, Receipt]]:
    """List what was installed and adds no command, by scope: plugins, and skills for agents."""
    shown = {f"{row.registry}/{row.command.bundle}" for row in listed}
    return [
        (scope.name, receipt)
        for scope in scopes(project.root, project.typed.env)
        for key, receipt in sorted(Kept(scope).all().items())
        if key not in shown
    ]


def _row(project: Project, command: Command, names: Names, receipt: Receipt | None) -> Row:
    first = names.first(command)
    path = shown(command.path, project.root)
    state, why, script = _read(project, command)
    return Row(
        command,
        names.form(command) or path,
        names.registry(command),
        str(receipt.version) if receipt else command.version,
        "" if first is command else shown(first.path, project.root),
        state,
        why,
        command.hint or (arguments.hint(script.manifest.args) if script else ""),
        command.told or (script.manifest.description if script else ""),
    )


def _read(project: Project, command: Command) -> tuple[str, str, Script | None]:
    """Read a command as if it were typed: what stops it stops nothing else."""
    try:
        return "", "", locate.of_command(project, command).script
    except RefusedError as error:
        return "unconsented", error.found, None
    except HocketError as error:
        return ("modified" if "edited" in error.found else "broken"), error.found, None
