"""Writes TOML so that equal values give equal bytes, one key a line.

tomli-w spells the values; of whole documents it writes short tables inline, by their length.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import tomli_w

from hocket.registry.forms.names import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    Value = str | int | bool | datetime | tuple[str, ...]


def lines(values: Mapping[str, Value | None]) -> str:
    """Write keys in the order given, without those that are None or an empty list."""
    told = ((key, value) for key, value in values.items() if value is not None and value != ())
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in told)


def block(header: str, values: Mapping[str, Value | None]) -> str:
    """Write a table under its header, behind an empty line."""
    return f"\n{header}\n{lines(values)}"


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, datetime):
        return written(value)
    return tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
