"""Reads bundle.toml, the manifest of a bundle: all that is wrong is told, not only the first."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.ceiling import Ceiling
from hocket.registry.bundles import commands, dependencies
from hocket.registry.bundles.inspection import Inspection
from hocket.registry.capabilities import table as capabilities
from hocket.registry.forms import links, names, ranges
from hocket.registry.forms.fields import Fields, line
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.problem import MANIFEST, Problem, is_giant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.registry.bundles.commands import Command
    from hocket.registry.forms.ranges import Range
    from hocket.registry.forms.versions import Version

SCHEMA = 1
MOST_KEYWORDS = 10
LONGEST_DESCRIPTION = 1024
_REQUIRED = ("schema", "name", "version", "description")
_OPTIONAL = ("license", "homepage", "repository", "keywords", "requires-hocket")
_TABLES = (commands.KEY, dependencies.KEY, capabilities.KEY)


@dataclass(frozen=True, slots=True)
class Around:
    """What a manifest is held against; names that are not known are not checked."""

    folder: str = ""
    skill_name: str = ""
    """The name in SKILL.md."""
    paths: frozenset[str] = frozenset()
    inspection: Inspection = field(default_factory=Inspection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A bundle as its author describes it."""

    name: str
    version: Version
    description: str
    license: str = ""
    homepage: str = ""
    repository: str = ""
    keywords: tuple[str, ...] = ()
    requires_hocket: Range
    commands: tuple[Command, ...] = ()
    dependencies: Mapping[str, Range] = field(default_factory=dict[str, "Range"])
    ceiling: Ceiling = field(default_factory=Ceiling)


def read(raw: bytes, around: Around) -> Manifest | tuple[Problem, ...]:
    """Give the manifest, or everything that is wrong with it."""
    try:
        values: dict[str, object] = tomllib.loads(raw.decode())
    except UnicodeDecodeError:
        return (Problem("", "not UTF-8"),)
    except RecursionError:
        return (Problem("", "nested too deeply"),)
    except ValueError as cause:
        # The place stands at the end, where a long message would be cut.
        what, at, place = str(cause).partition(" (at ")
        return (Problem("", f"not TOML: {quoted(what)[1:-1]}{at}{place}"),)
    if is_giant(values):
        return (Problem("", "holds a number of more than 64 bits"),)
    problems: list[Problem] = []
    manifest = _manifest(Fields(values, problems), around)
    return tuple(problems) or manifest


def _manifest(fields: Fields, around: Around) -> Manifest:
    fields.only((*_REQUIRED, *_OPTIONAL, *_TABLES))
    fields.required(*_REQUIRED)
    fields.read("schema", _schema, SCHEMA)
    name = _name(fields, around)
    found = commands.read(fields, around.paths, around.inspection)
    return Manifest(
        name=name,
        version=fields.read("version", names.version, names.version("0.0.0")),
        description=fields.read("description", line(LONGEST_DESCRIPTION), ""),
        license=fields.read("license", links.spdx, ""),
        homepage=fields.read("homepage", links.https, ""),
        repository=fields.read("repository", links.https, ""),
        keywords=_keywords(fields),
        requires_hocket=fields.read("requires-hocket", ranges.parse, ranges.parse("*")),
        commands=found,
        dependencies=dependencies.read(fields, name),
        ceiling=_ceiling(fields, runs_agents=bool(found)),
    )


def _schema(value: object) -> int:
    if isinstance(value, int) and value > SCHEMA:
        raise Unfit(f"{quoted(value)} needs a newer hocket")
    if type(value) is not int or value != SCHEMA:
        raise Unfit(f"{quoted(value)} is not {SCHEMA}")
    return SCHEMA


def _name(fields: Fields, around: Around) -> str:
    name = fields.read("name", names.name, "")
    for what, other in (
        ("the folder", around.folder),
        ("SKILL.md's name", around.skill_name),
    ):
        if name and other not in {"", name}:
            fields.complain("name", f"differs from {what} {quoted(other)}")
    return name


def _keywords(fields: Fields) -> tuple[str, ...]:
    found: list[str] = []
    for word in fields.list("keywords", MOST_KEYWORDS):
        try:
            found.append(names.name(word))
        except Unfit as why:
            fields.complain("keywords", str(why))
    return tuple(found)


def _ceiling(fields: Fields, *, runs_agents: bool) -> Ceiling:
    given = fields.values.get(capabilities.KEY, {})
    declared = capabilities.read(given)
    fields.problems.extend(declared.problems)
    told = {problem.key for problem in declared.problems}
    table = Fields({}, fields.problems, (capabilities.KEY,))
    if declared.ceiling.python:
        table.complain("python", "true is for plugin packages only")
    is_told = f"{capabilities.KEY}.agents" in told or not isinstance(given, dict)
    if runs_agents and not declared.ceiling.agents and not is_told:
        table.complain("agents", "0 given, at least 1 where there are commands")
    return declared.ceiling


__all__ = ["MANIFEST", "Around", "Manifest", "read"]
