"""The arguments of a script: read from the command line, filled up, validated."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.answers.submissions import Validator
from hocket.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.scripts import Manifest

MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the script finds in `args`, and what a person should know about how it got there."""

    value: JsonValue = None
    given: bool = False
    notes: tuple[str, ...] = ()


def from_json(text: str, here: Path) -> Arguments:
    """Read `--args`: JSON, or `@file` with JSON, `@-` for standard input."""
    if text.startswith("@"):
        text = _from_file(text[1:], here)
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise _refused("larger than 4 MiB", "a smaller value, or a file the agents read")
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(f"not JSON ({error})", "JSON, or @FILE with JSON") from error
    return _parsed_text(Arguments(value, given=True))


def from_text(text: str, manifest: Manifest) -> Arguments:
    """Read free text after `/name`: into the one text the schema has, else as it is."""
    if not manifest.args:
        return _parsed_text(Arguments(text, given=bool(text)))
    parsed = _parsed_text(Arguments(text, given=bool(text)))
    if not isinstance(parsed.value, str):
        return parsed
    name = _text_property(manifest.args)
    if name is not None:
        return Arguments({name: text}, given=True)
    if not text:
        return Arguments({}, given=True)
    raise UsageError(
        f"/{manifest.name}",
        found="free text does not say which argument is meant",
        expected=usage(manifest),
        hint="Pass JSON: --args '{…}'. Nothing was started.",
    )


def complete(arguments: Arguments, manifest: Manifest) -> Arguments:
    """Fill in defaults and validate against `meta.args`; raises UsageError naming the field."""
    if manifest.args is None:
        return arguments
    value = fill(deepcopy(arguments.value) if arguments.given else {}, manifest.args)
    value, errors = Validator(manifest.args).check(value)
    if errors:
        raise UsageError(
            f"/{manifest.name}",
            found="; ".join(f"args{line}" for line in errors[:3]),
            expected=usage(manifest),
            hint="Nothing was started.",
        )
    return Arguments(value, given=True, notes=arguments.notes)


def fill(value: JsonValue, schema: JsonValue) -> JsonValue:
    """Fill in the schema's defaults, in nested objects too."""
    if not isinstance(schema, dict) or not isinstance(value, dict):
        return value
    properties = schema.get("properties")
    for name, part in (properties if isinstance(properties, dict) else {}).items():
        if not isinstance(part, dict):
            continue
        if name not in value and "default" in part:
            value[name] = deepcopy(part["default"])
        elif name in value:
            value[name] = fill(value[name], part)
    return value


def usage(manifest: Manifest) -> str:
    """Write the usage line a schema stands for."""
    schema = manifest.args or {}
    properties, required = schema.get("properties"), schema.get("required")
    names = properties if isinstance(properties, dict) else {}
    needed = required if isinstance(required, list) else []
    shown = [name if name in needed else f"[{name}]" for name in names]
    return f"/{manifest.name} {' '.join(shown)}".rstrip()


def _from_file(name: str, here: Path) -> str:
    try:
        return sys.stdin.read() if name == "-" else (here / name).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise _refused(f"'{name}' cannot be read ({error})", "a text file with JSON") from error


def _parsed_text(arguments: Arguments) -> Arguments:
    """Take a text that is a JSON object or list for that value; other texts stay texts."""
    text = arguments.value
    if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
        return arguments
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return arguments
    return Arguments(value, given=True, notes=("args: a text that is JSON was parsed",))


def _text_property(schema: dict[str, JsonValue]) -> str | None:
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict):
        return None
    texts = [n for n, p in properties.items() if isinstance(p, dict) and p.get("type") == "string"]
    needed = [name for name in texts if isinstance(required, list) and name in required]
    for candidates in (needed, texts):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _refused(found: str, expected: str) -> UsageError:
    return UsageError("--args", found=found, expected=expected, hint="Nothing was started.")
