"""The arguments of a script: taken from the command line, filled up, validated."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.answers.submissions import Validator
from hocket.errors import UsageError
from hocket.launch import flags, values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.scripts import Manifest

_SHOWN = 3
EXPAND = "x-expand"
"""The key of a schema whose value is typed in short."""
BY, SIZE = "x-default", "size"
"""The key of a schema that takes its default from a setting, and the one setting it can name."""
MEDIUM = "medium"
MODES = {"small": "quick", MEDIUM: "quick", "large": "full", "unlimited": "full"}
"""What each size means where a command has two modes."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the script finds in `args`, and what a person should know about how it got there."""

    value: JsonValue = None
    given: bool = False
    notes: tuple[str, ...] = ()
    expanded: Mapping[str, str] = field(default_factory=dict[str, str])
    """The arguments that hold what was typed for them no more, but what it stands for: its kind."""
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Where words from outside are: JSON pointers (`*`: every item), each with its sources."""


def from_json(text: str, here: Path) -> Arguments:
    """Take `--args`: JSON, or `@file` with JSON, `@-` for standard input."""
    return _taken(values.read(text, here, "--args"), "--args")


def from_text(text: str, manifest: Manifest) -> Arguments:
    """Take the words after `/name`: into the one text the schema has, else as they are."""
    who = f"/{manifest.name}"
    given = _taken(text, who)
    if manifest.args is None or not isinstance(given.value, str):
        return given
    name = _text_property(manifest.args)
    if name is not None:
        return Arguments({name: given.value}, given=True)
    if not given.value:
        return Arguments({}, given=True)
    raise UsageError(
        who,
        found="free text does not say which argument is meant",
        expected=usage(manifest),
        hint="Pass JSON: --args '{…}'. Nothing was started.",
    )


def from_words(words: Sequence[str], plain: Sequence[str], manifest: Manifest) -> Arguments:
    """Take what was typed after `/name`: flags for declared arguments, and free text.

    What stands behind `--` is plain text, whatever it looks like.
    """
    who = f"/{manifest.name}"
    typed = flags.Typed(who, flags.declared(manifest.args))
    typed.take(words)
    texts = [*typed.texts, *plain]
    if not typed.values:
        return from_text(" ".join(texts), manifest) if texts else Arguments()
    given = from_text(" ".join(texts), manifest) if texts else Arguments({}, given=True)
    if not isinstance(given.value, dict):
        raise values.refused(who, "a list beside flags", "an object, or flags alone")
    twice = sorted({*given.value} & {*typed.values})
    if twice:
        raise values.refused(who, f"{twice[0]} is given twice, as text and as a flag", "it once")
    value = values.fit({**given.value, **typed.values}, who)
    return Arguments(value, given=True, notes=given.notes)


def complete(arguments: Arguments, manifest: Manifest, size: str = MEDIUM) -> Arguments:
    """Fill in defaults and validate against `meta.args`; raises UsageError naming the field.

    What was expanded before was validated as it was typed.
    """
    if manifest.args is None:
        return arguments
    value, schema = deepcopy(arguments.value) if arguments.given else {}, manifest.args
    kept: dict[str, JsonValue] = {}
    if isinstance(value, dict) and arguments.expanded:
        held = arguments.expanded.items()
        kept = {n: value[n] for n, kind in held if n in value and kind == _kind(schema, n)}
        value = {name: one for name, one in value.items() if name not in kept}
        schema = _without(schema, kept)
    value = fill(value, schema, MODES[size])
    value, errors = Validator(schema).check(value)
    if errors:
        found = "; ".join(f"args{line}" for line in errors[:_SHOWN])
        raise values.refused(f"/{manifest.name}", found, usage(manifest))
    whole = {**value, **kept} if isinstance(value, dict) else value
    return replace(arguments, value=whole, given=True)


def fill(value: JsonValue, schema: JsonValue, mode: str = MODES[MEDIUM]) -> JsonValue:
    """Fill in the schema's defaults, in nested objects too."""
    if not isinstance(schema, dict) or not isinstance(value, dict):
        return value
    properties = schema.get("properties")
    for name, part in (properties if isinstance(properties, dict) else {}).items():
        if name in value:
            value[name] = fill(value[name], part, mode)
        elif isinstance(part, dict) and part.get(BY) == SIZE:
            value[name] = mode
        elif isinstance(part, dict) and "default" in part:
            value[name] = deepcopy(part["default"])
    return value


def usage(manifest: Manifest) -> str:
    """Write the usage line a schema stands for: its one text, then flags, those needed first."""
    return f"/{manifest.name} {hint(manifest.args)}".rstrip()


def hint(schema: dict[str, JsonValue] | None) -> str:
    """Write what may follow a command's name."""
    text, required = _text_property(schema or {}), (schema or {}).get("required")
    needed = required if isinstance(required, list) else []
    shown: list[tuple[bool, str]] = []
    for flag in flags.declared(schema).values():
        form = f'"{flag.name}"' if flag.name == text else flag.usage
        shown.append((flag.name != text, form if flag.name in needed else f"[{form}]"))
    ordered = sorted(shown, key=lambda one: (one[0], one[1].startswith("[")))
    return " ".join(form for _, form in ordered)


def _taken(value: JsonValue, who: str) -> Arguments:
    """Take a text that is a JSON object or list for that value; other texts stay texts."""
    notes: tuple[str, ...] = ()
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        with suppress(ValueError):
            value = values.parse(value)
            notes = ("args: a text that is JSON was parsed",)
    return Arguments(values.fit(value, who), given=True, notes=notes)


def _kind(schema: dict[str, JsonValue], name: str) -> JsonValue:
    """Say how an argument is expanded."""
    properties = schema.get("properties")
    part = properties.get(name) if isinstance(properties, dict) else None
    return part.get(EXPAND) if isinstance(part, dict) else None


def _without(schema: dict[str, JsonValue], names: Collection[str]) -> dict[str, JsonValue]:
    """Give a schema that neither knows nor needs some arguments."""
    properties, required = schema.get("properties"), schema.get("required")
    parts = properties if isinstance(properties, dict) else {}
    needed = required if isinstance(required, list) else []
    return {
        **schema,
        "properties": {name: part for name, part in parts.items() if name not in names},
        "required": [name for name in needed if name not in names],
    }


def _text_property(schema: dict[str, JsonValue]) -> str | None:
    """Name the one required text of a schema, or else its one text."""
    properties, required = schema.get("properties"), schema.get("required")
    parts = properties if isinstance(properties, dict) else {}
    texts = [n for n, p in parts.items() if isinstance(p, dict) and p.get("type") == "string"]
    needed = [name for name in texts if isinstance(required, list) and name in required]
    for candidates in (needed, texts):
        if len(candidates) == 1:
            return candidates[0]
    return None
