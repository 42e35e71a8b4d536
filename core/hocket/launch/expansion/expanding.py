"""Replaces what was typed for the arguments that say so, kind by kind."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hocket.api.tools import Conditional
from hocket.errors import StructureError
from hocket.launch import flags, values
from hocket.launch.arguments import EXPAND
from hocket.launch.expansion import changes, corpora, documents, globbing, listings, prompts
from hocket.launch.expansion.asking import Asking
from hocket.launch.expansion.found import Nowhere, Unusable, pointer
from hocket.launch.expansion.ground import BUNDLE, Ground
from hocket.launch.expansion.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.scripts import Script
    from hocket.launch.arguments import Arguments
    from hocket.launch.expansion.found import Found
    from hocket.launch.project import Project

    Schema = Mapping[str, JsonValue]

KINDS: dict[str, Callable[[Asking], Found]] = {
    "folders": corpora.folders,
    "git-diff": changes.changes,
    "glob": globbing.paths,
    "json": listings.values,
    "lines": listings.lines,
    "text": documents.text,
    "texts": prompts.texts,
}
_UNTYPED = frozenset({"folders", "git-diff"})
"""They stand for something when nothing was typed, too, where there is such a thing."""


def expanded(
    project: Project, script: Script, given: Arguments, *, only_own: bool = False
) -> Arguments:
    """Expand what was typed; what an earlier life of the run expanded stays as it is.

    With `only_own` no more than what came with the script. Raises UsageError that names the flag.
    """
    asked = expanding(script)
    if not asked or not isinstance(given.value, dict):
        return given
    typed_for = given.value
    ground, reader, search = (
        Ground.of(project, script),
        Reader.of(project),
        partial(_search, project),
    )
    for name, schema in asked.items():
        kind = str(schema[EXPAND])
        typed = typed_for.get(name)
        is_meant = _is_own(typed) if only_own else name in typed_for or kind in _UNTYPED
        if given.expanded.get(name) == kind or not is_meant:
            continue
        asking = Asking(typed, schema, ground, reader, search)
        found = _found(script, name, asking, is_typed=name in typed_for)
        given = given if found is None else _with(given, name, kind, found)
    return _fit(given, script)


def held(script: Script, args: JsonValue) -> dict[str, str]:
    """Name the arguments that a script hands over to another one, each with its kind."""
    given = args if isinstance(args, dict) else {}
    found = expanding(script).items()
    return {name: str(schema[EXPAND]) for name, schema in found if name in given}


def expanding(script: Script) -> dict[str, Schema]:
    """Give the arguments that are expanded; raises StructureError for a strange kind."""
    properties = (script.manifest.args or {}).get("properties")
    parts = properties if isinstance(properties, dict) else {}
    found: dict[str, Schema] = {
        name: part for name, part in parts.items() if isinstance(part, dict) and EXPAND in part
    }
    for name, part in found.items():
        if part[EXPAND] not in KINDS:
            raise StructureError(
                f"meta.args.{name}",
                found=f"{EXPAND} is {part[EXPAND]!r}",
                expected=f"one of {', '.join(KINDS)}",
                hint="Nothing was started.",
            )
    return found


def _is_own(typed: JsonValue) -> bool:
    return isinstance(typed, str) and typed.startswith(BUNDLE)


def _found(script: Script, name: str, asking: Asking, *, is_typed: bool) -> Found | None:
    """Find what an argument stands for; one that nobody typed may stand for nothing here."""
    try:
        return KINDS[str(asking.schema[EXPAND])](asking)
    except Unusable as trouble:
        if isinstance(trouble, Nowhere) and not is_typed:
            return None
        option = flags.Flag(name, {}).option
        who = f"/{script.manifest.name}"
        raise values.refused(who, f"{option}: {trouble.found}", trouble.expected) from None


def _with(given: Arguments, name: str, kind: str, found: Found) -> Arguments:
    value = given.value if isinstance(given.value, dict) else {}
    beneath = pointer(name)
    return replace(
        given,
        value={**value, name: found.value},
        given=True,
        notes=(*given.notes, *(f"{name}: {note}" for note in found.notes)),
        expanded={**given.expanded, name: kind},
        outside={**given.outside, **{f"{beneath}{at}": by for at, by in found.outside.items()}},
    )


def _fit(given: Arguments, script: Script) -> Arguments:
    """Hold the whole to what a journal takes; names the argument that is the largest."""
    value = given.value if isinstance(given.value, dict) else {}
    who = f"/{script.manifest.name}"
    if values.size(value) > values.MOST_BYTES:
        largest = max(given.expanded, key=lambda name: values.size(value.get(name)))
        option = flags.Flag(largest, {}).option
        found = f"{option}: what it stands for is larger than 4 MiB"
        raise values.refused(who, found, "something narrower: fewer or smaller files")
    return replace(given, value=values.fit(value, who))


def _search(project: Project) -> bool:
    """Say whether the web can be searched here."""
    tool = project.host.tools(project.plugin_settings).get("WebSearch")
    return tool is not None and not (isinstance(tool, Conditional) and tool.lacks() is not None)
