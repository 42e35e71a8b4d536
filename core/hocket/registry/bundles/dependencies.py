"""Reads `dependencies` of bundle.toml and of rows: names or qualified names with their ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.forms import ranges
from hocket.registry.forms.names import Unfit, name, quoted

if TYPE_CHECKING:
    from hocket.registry.forms.fields import Fields
    from hocket.registry.forms.ranges import Range

KEY = "dependencies"
MOST = 50


def read(fields: Fields, own_name: str) -> dict[str, Range]:
    """Read all dependencies, sorted by name."""
    table = fields.table(KEY)
    fields.limit(KEY, len(table.values), MOST)
    found = {key: _range(table, key, own_name) for key in sorted(table.values)}
    return {key: value for key, value in found.items() if value is not None}


def qualified(text: str) -> tuple[str, str]:
    """Split NAME or REGISTRY/NAME; the registry is empty where none is named; raises Unfit."""
    registry, slash, bundle = text.rpartition("/")
    try:
        return (name(registry, reserved=True) if slash else ""), name(bundle)
    except Unfit as cause:
        raise Unfit(f"{quoted(text)} is not NAME or REGISTRY/NAME") from cause


def _range(table: Fields, key: str, own_name: str) -> Range | None:
    try:
        qualified(key)
    except Unfit as why:
        table.complain("", str(why))
        return None
    if key == own_name:
        table.complain(key, "depends on itself")
    return table.read(key, ranges.parse, None)
