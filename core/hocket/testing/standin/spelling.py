"""The input of a tool use where only an object has a place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.testing.standin.forms import table

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject


def loose(raw: str) -> JsonObject:
    """Read an object; of what is none, an empty one: a whole message cannot carry broken JSON."""
    try:
        value: JsonValue = json.loads(raw)
    except ValueError:
        return {}
    return table(value)
