"""Values on their way out of the sandbox: JSON, or a fault that names the place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pydantic import JsonValue


class NotJson(Exception):
    """A value has no JSON form; the message is `path: type`."""


def to_json(value: object, path: str, notes: list[str]) -> JsonValue:
    """Turn a sandbox value into JSON: tuples become lists, NaN and infinities None, with a note."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return _number(value, path, notes)
    if isinstance(value, (list, tuple)):
        items = [*cast("list[object]", value)]
        return [to_json(item, f"{path}[{i}]", notes) for i, item in enumerate(items)]
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return {_key(key, path): to_json(v, f"{path}.{key}", notes) for key, v in entries.items()}
    raise NotJson(f"{path}: {_type_name(value)}")


def _number(value: float, path: str, notes: list[str]) -> JsonValue:
    if math.isfinite(value):
        return value
    notes.append(f"{path} was {value} and became null")
    return None


def _key(key: object, path: str) -> str:
    if isinstance(key, str):
        return key
    raise NotJson(f"{path}: a key is {_type_name(key)}, not a text")


def _type_name(value: object) -> str:
    return str(getattr(value, "name", "")) or type(value).__name__
