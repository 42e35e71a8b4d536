"""The item of a call: read without trust in its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    Fields = dict[str, JsonValue]


def fields(value: JsonValue, name: str | None = None) -> Fields:
    """Give an object, or the object under a name; an empty one for anything else."""
    if name is not None:
        return fields(fields(value).get(name))
    return value if isinstance(value, dict) else {}


def rows(value: JsonValue, name: str) -> list[Fields]:
    """Give the objects of a list under a name."""
    found = fields(value).get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def text(value: JsonValue, *names: str) -> str:
    """Give the first of these fields that holds a text; of a text itself."""
    if isinstance(value, str):
        return value
    known = fields(value)
    return next((one for name in names if isinstance(one := known.get(name), str) and one), "")


def texts(value: JsonValue, name: str) -> list[str]:
    """Give the texts of a list under a name; one text is a list of one."""
    found = fields(value).get(name)
    if isinstance(found, str):
        return [found]
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def count(value: JsonValue, name: str, otherwise: int) -> int:
    """Give a whole number of at least one."""
    found = fields(value).get(name)
    return found if type(found) is int and found > 0 else otherwise
