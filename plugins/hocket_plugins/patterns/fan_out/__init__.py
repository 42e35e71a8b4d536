"""fan_out: one agent per unit, nothing lost on the way, and one answer from all if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.deferred import DeferredPattern

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand over `fan_out`."""
    return [DeferredPattern("fan_out", 1, "hocket_plugins.patterns.fan_out.pattern:FanOut")]
