"""Reads `commands` of bundle.toml: the slash commands that a bundle adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.forms.fields import Fields, line
from hocket.registry.forms.names import Unfit, name, quoted

if TYPE_CHECKING:
    from hocket.registry.bundles.inspection import Inspection

KEY = "commands"
_KNOWN = ("script", "argument-hint", "description")
_LONGEST_HINT, _LONGEST_DESCRIPTION = 80, 200
_SUFFIXES = (".py", ".js")


@dataclass(frozen=True, slots=True)
class Command:
    """A script of the bundle that answers to a name."""

    name: str
    script: str
    argument_hint: str = ""
    description: str = ""


def read(fields: Fields, paths: frozenset[str], inspection: Inspection) -> tuple[Command, ...]:
    """Read all commands, sorted by name, against the files and scripts that there are."""
    commands = fields.table(KEY)
    return tuple(_command(commands, key, paths, inspection) for key in sorted(commands.values))


def _command(commands: Fields, key: str, paths: frozenset[str], inspection: Inspection) -> Command:
    try:
        name(key)
    except Unfit as why:
        commands.complain(key, str(why))
    own = commands.table(key)
    own.only(_KNOWN)
    if isinstance(commands.values[key], dict):
        own.required("script")
    return Command(
        key,
        _script(own, key, paths, inspection),
        own.read("argument-hint", line(_LONGEST_HINT), ""),
        own.read("description", line(_LONGEST_DESCRIPTION), ""),
    )


def _script(own: Fields, key: str, paths: frozenset[str], inspection: Inspection) -> str:
    def read_path(value: object) -> str:
        if not isinstance(value, str) or not value.endswith(_SUFFIXES):
            raise Unfit(f"{quoted(value)} is not a .py or .js file")
        if value not in paths:
            raise Unfit(f"{quoted(value)} is not in the bundle")
        # A script that cannot be read has findings of its own.
        if (said := inspection.names.get(value, key)) != key:
            raise Unfit(f"meta.name is {quoted(said)}")
        return value

    return own.read("script", read_path, "")
