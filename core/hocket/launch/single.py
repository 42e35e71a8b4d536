"""A run of one pattern: a script of one line, so that it has a journal, a card and a resume."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket.api.patterns.deferred import DeferredPattern
from hocket.errors import UsageError
from hocket.launch import languages
from hocket.launch.arguments import Arguments
from hocket.launch.locate import Found
from hocket.launch.prepare import prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.patterns.context import Pattern
    from hocket.launch.prepare import Prepared
    from hocket.launch.project import Project

_SCRIPT = '''\
"""Run the pattern {name} once."""

from __future__ import annotations

from hocket.script import args, {name}

meta = {{"name": "pattern-{dashed}", "description": "One run of the pattern {name}"}}


async def main():
    return await {name}(**args)
'''


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed after `hocket pattern NAME`."""

    name: str
    words: str | None = None
    """For the first argument that is a text."""
    items: JsonValue = None
    """For the first argument that is a list."""
    named: Mapping[str, JsonValue] | None = None


def single(project: Project, given: Given) -> Prepared:
    """Prepare the run; raises UsageError that names the argument, before anything is started."""
    pattern = found(project, given.name)
    arguments = _arguments(pattern, given)
    host = languages.by_name(project, "python")
    text = _SCRIPT.format(name=pattern.name, dashed=pattern.name.replace("_", "-"))
    script = host.read(text, f"pattern {pattern.name}")
    return prepared(project, Found(script), Arguments(arguments, given=True))


def found(project: Project, name: str) -> Pattern:
    """Find an installed pattern; raises UsageError with the nearest names."""
    patterns = project.host.patterns()
    wanted = name.replace("-", "_")
    if wanted in patterns:
        return patterns[wanted]
    near = get_close_matches(wanted, patterns, 3) or sorted(patterns)
    raise UsageError(
        f"pattern '{name}'",
        found="no such pattern is installed",
        expected=f"one of {', '.join(near)}" if near else "an installed pattern",
        hint="All of them: hocket pattern",
    )


def summary(pattern: Pattern) -> str:
    """Give the first line of what the pattern says of itself."""
    itself = pattern.loaded if isinstance(pattern, DeferredPattern) else pattern
    return (inspect.getdoc(type(itself)) or "").partition("\n")[0]


def signature(pattern: Pattern) -> str:
    """Write the arguments of a pattern as one types them: needed ones, then the others."""
    fields = pattern.arguments.model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    others = [f"[{name}]" for name in fields if name not in needed]
    return " ".join([*needed, *others])


def _arguments(pattern: Pattern, given: Given) -> dict[str, JsonValue]:
    """Put what was typed where it belongs, and let the pattern judge it."""
    from pydantic import ValidationError  # noqa: PLC0415  (only who runs a pattern pays for it)

    named = {**(given.named or {})}
    kinds = _kinds(pattern)
    for value, kind, typed in ((given.items, "array", "--items"), (given.words, "string", "words")):
        if value is not None:
            named[_place(pattern, kinds, kind, typed, named)] = value
    try:
        pattern.arguments.model_validate(named)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        what = first["msg"].removeprefix("Value error, ")
        raise UsageError(
            f"pattern {pattern.name}",
            found=f"{place}: {what}" if place else what,
            expected=signature(pattern),
            hint="Nothing was started.",
        ) from None
    return named


def _place(
    pattern: Pattern,
    kinds: Mapping[str, str],
    kind: str,
    typed: str,
    named: Mapping[str, JsonValue],
) -> str:
    """Name the first argument of a kind that nothing was given for."""
    free = (name for name, one in kinds.items() if one == kind and name not in named)
    place = next(free, None)
    if place is None:
        what = "list" if kind == "array" else "text"
        raise UsageError(
            f"pattern {pattern.name}",
            found=f"{typed} were given, and no argument that is a {what} is left for them",
            expected=signature(pattern),
            hint="Nothing was started.",
        )
    return place


def _kinds(pattern: Pattern) -> dict[str, str]:
    """Say of each argument which JSON it takes, needed ones first."""
    schema: dict[str, JsonValue] = pattern.arguments.model_json_schema()
    fields, required = schema.get("properties"), schema.get("required")
    parts = fields if isinstance(fields, dict) else {}
    needed = [*map(str, required)] if isinstance(required, list) else []
    order = [*needed, *(name for name in parts if name not in needed)]
    return {name: _kind(parts.get(name)) for name in order}


def _kind(part: JsonValue) -> str:
    if not isinstance(part, dict):
        return ""
    choices = part.get("anyOf")
    for choice in choices if isinstance(choices, list) else [part]:
        if isinstance(choice, dict) and choice.get("type") in {"array", "string"}:
            return str(choice["type"])
    return ""
