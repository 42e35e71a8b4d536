"""Checks what a source says: every key is known, every value has its type."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from hocket.config.settings import Settings
from hocket.errors import UnknownSetting, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue
    from pydantic_core import ErrorDetails

    from hocket.config.layers import Layer

    Table = dict[str, JsonValue]

TABLES = ("plugins", "checks", "prices", "worktree", "registries", "consent")
ADDRESSED = ("allowed_registries", "max_capabilities")
"""Lists whose entries hold the sign that parts the entries of a variable."""
KNOWN = tuple(Settings.model_fields)
SPOKEN = tuple(key for key in KNOWN if key not in (*TABLES, *ADDRESSED))
"""Settings that a variable can hold."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What one source says, by whose it is."""

    core: Table = field(default_factory=dict[str, "JsonValue"])
    sections: dict[str, Table] = field(default_factory=dict[str, "Table"])
    strangers: list[str] = field(default_factory=list[str])
    """Tables nobody knows: of a blocked plugin, or misspelt."""


def split(layer: Layer, models: Mapping[str, type[BaseModel]]) -> Parts:
    """Part hocket's own settings from the plugins' sections; raises UnknownSetting."""
    if layer.kind == "environment":
        return Parts({key: layer.values[key] for key in layer.values if _is_spoken(layer, key)})
    parts = Parts()
    for key, value in layer.values.items():
        if key in models:
            parts.sections[key] = _section(layer, key, value, models[key])
        elif key in KNOWN:
            parts.core[key] = value
        elif isinstance(value, dict):
            parts.strangers.append(key)
        else:
            raise unknown(layer, (key,), (*KNOWN, *models))
    return parts


def check_core(layer: Layer, values: Table) -> Settings:
    """Check hocket's own settings of one source; only what it gave is set in the answer."""
    try:
        if layer.kind == "environment":
            return Settings.model_validate_strings(values)
        # As JSON: a list is fine for a tuple, and a text is still no number.
        return Settings.model_validate_json(json.dumps(values, default=str), strict=True)
    except ValidationError as cause:
        raise _wrong(layer, cause.errors()[0], Settings) from cause


def check_section(
    name: str, values: Table, model: type[BaseModel], sources: Mapping[tuple[str, str], Layer]
) -> BaseModel:
    """Check a plugin's section as merged; a message names the file the wrong value came from."""
    try:
        return model.model_validate_json(json.dumps(values, default=str), strict=True)
    except ValidationError as cause:
        error = cause.errors()[0]
        layer = sources.get((name, str((*error["loc"], "")[0])))
        raise _wrong(layer, error, model, name) from cause


def unknown(layer: Layer, keys: Sequence[str], known: Sequence[str]) -> UnknownSetting:
    """Say that nobody knows a key, where it stands, and which name was probably meant."""
    *above, key = keys
    shown = layer.origin(key) if layer.kind == "environment" else ".".join((*above, key))
    near = difflib.get_close_matches(key, known, 1, 0.5)
    meant = f"Did you mean '{near[0]}'? " if near else ""
    return UnknownSetting(
        layer.place(*above, key),
        found=f"the key '{shown}' is unknown",
        expected=f"one of {', '.join(sorted(known))}" if known else "",
        hint=f"{meant}Nothing was started.",
    )


def _is_spoken(layer: Layer, key: str) -> bool:
    # A variable of another program may begin like ours; a misspelt budget must not pass.
    if key not in SPOKEN and difflib.get_close_matches(key, SPOKEN, 1, 0.8):
        raise unknown(layer, (key,), SPOKEN)
    return key in SPOKEN


def _section(layer: Layer, name: str, value: JsonValue, model: type[BaseModel]) -> Table:
    if not isinstance(value, dict):
        raise UsageError(layer.place(name), found=f"'{name}' is no table", expected=f"[{name}]")
    known = [field.alias or key for key, field in model.model_fields.items()]
    for key in value:
        if key not in known:
            raise unknown(layer, (name, key), known)
    return value


def _wrong(
    layer: Layer | None, error: ErrorDetails, model: type[BaseModel], *section: str
) -> UsageError:
    keys = [*section, *_path(layer, section, error)]
    if layer and error["type"] == "extra_forbidden":
        return unknown(layer, keys, _fields(model, keys[len(section) : -1]))
    # A plugin's section may hold what is nobody's business; hocket's own settings do not.
    given = type(error["input"]).__name__ if section else json.dumps(error["input"], default=str)
    missing = error["type"] == "missing"
    wanted = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return UsageError(
        layer.place(*keys) if layer else f"[{section[0]}]",
        found=f"'{'.'.join(keys)}' is {'missing' if missing else given}",
        expected="" if missing else wanted[:1].lower() + wanted[1:],
        hint="Nothing was started.",
    )


def _path(layer: Layer | None, section: Sequence[str], error: ErrorDetails) -> list[str]:
    # pydantic adds the members of a union and the places in a list; a person looks for keys.
    here: JsonValue = dict(layer.values) if layer else {}
    for key in section:
        here = here[key] if isinstance(here, dict) and key in here else {}
    path: list[str] = []
    for part in error["loc"]:
        if isinstance(here, dict) and part in here:
            path.append(str(part))
            here = here[str(part)]
        elif isinstance(here, list) and isinstance(part, int):
            here = here[part]
        elif error["type"] == "missing":
            path.append(str(part))
    return path


def _fields(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    for key in path:
        inner = model.model_fields[key].annotation if key in model.model_fields else None
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else BaseModel
    return list(model.model_fields)
