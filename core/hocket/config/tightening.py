"""What holds of a project's file that nobody trusts as it is: only what takes rights away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.settings import Setting
from hocket.config.caps import LOWERED_ONLY_BY
from hocket.config.packages import TIGHTENED
from hocket.config.sections import marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, JsonValue

    from hocket.config.layers import Layer

    Table = dict[str, JsonValue]

TIGHTENS = frozenset({*LOWERED_ONLY_BY, *TIGHTENED, "outside_paths", "plugins"})
"""Of hocket's own settings: a project only lowers, adds to or blocks by these."""


def tightening(layer: Layer, models: Mapping[str, type[BaseModel]]) -> tuple[Layer, str]:
    """Leave that of a source, and say so: a person who wrote `deny` down expects it to hold.

    In a plugin's section these are the keys that add up, since nobody takes away from them.
    """
    core: Table = {key: value for key, value in layer.values.items() if key in TIGHTENS}
    parts = {key: _adding(layer.values[key], models[key]) for key in models if key in layer.values}
    sections: Table = {name: table for name, table in parts.items() if table}
    named = [*core, *(f"{name}.{key}" for name, table in parts.items() for key in table)]
    only = f"only what tightens holds of it: {', '.join(sorted(named))}"
    left = only if named else "nothing of it holds"
    note = f"{layer.origin('')} is not trusted as it is (hocket trust): {left}"
    return replace(layer, values={**core, **sections}), note


def _adding(said: JsonValue, model: type[BaseModel]) -> Table:
    known = marks(model)
    table = said if isinstance(said, dict) else {}
    return {key: value for key, value in table.items() if known.get(key) is Setting.ADDS_UP}
