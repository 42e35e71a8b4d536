"""Prompts with places for data: filled in one pass, so braces inside data are never expanded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*(?:\.[\w-]+)*)\}")
_KNOWN = ("item", "index", "count", "args")


def shown(value: JsonValue) -> str:
    """Write a value for a prompt: a text as it is, everything else as canonical JSON."""
    return value if isinstance(value, str) else canonical(value)


def canonical(value: JsonValue) -> str:
    """Write a value as JSON in the one way by which values are compared."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fill(template: str, values: Mapping[str, JsonValue]) -> str:
    """Put values into a template; without `{item}` the item follows as a block of data.

    Values are named as in `{item.path.0}`; `{{` is a brace. TypeError names what is not known.
    """

    def put(place: re.Match[str]) -> str:
        name = place.group(1)
        return place.group()[0] if name is None else shown(_found(values, name.split(".")))

    places = {place.group(1) for place in _PLACE.finditer(template)} - {None}
    text = _PLACE.sub(put, template)
    if "item" not in values or any(name.partition(".")[0] == "item" for name in places):
        return text
    return f"{text}\n\n{block('item', shown(values['item']))}"


def block(name: str, text: str) -> str:
    """Mark a text as data, between lines that it does not hold itself."""
    mark, number = name, 1
    while f"</{mark}>" in text:
        number += 1
        mark = f"{name}-{number}"
    return f"<{mark}>\n{text}\n</{mark}>"


def _found(values: Mapping[str, JsonValue], path: list[str]) -> JsonValue:
    if path[0] not in values:
        known = ", ".join(f"{{{name}}}" for name in (*_KNOWN, *values) if name in values)
        place = ".".join(path)
        raise TypeError(f"template: {{{place}}} is not known here; known: {known}; {{{{ is a brace")
    value = values[path[0]]
    for step in path[1:]:
        value = _step(value, step)
    return value


def _step(value: JsonValue, step: str) -> JsonValue:
    """Go one step down; what is not there is null, since items of agents differ."""
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None
