"""What a call took, as scripts see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import Usage


def took(usage: Usage) -> JsonValue:
    """Tell it as `attempt` does; no dollars where no price is known."""
    micros = usage.cost_micros
    return {
        "input": usage.input,
        "output": usage.output,
        "cached": usage.cache_read,
        "usd": None if micros is None else micros / 1e6,
    }
